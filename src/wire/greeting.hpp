#pragma once

#include "base/id.hpp"
#include "wire/version.hpp"

#include <optional>

namespace gof::wire {

/// The listener's first bytes on a TCP link, and all that a stranger ever gets. gof-protocol(7), LINKS.
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +---------------+---------------+-------------------------------+
///     | lowest        | highest       | nonce (16) ...                |
///     +---------------+---------------+-------------------------------+
struct greeting {
  using nonce_type = octets<struct nonce_tag, 16>;
  static constexpr std::size_t size = 18;

  std::uint8_t lowest = lowest_version;
  std::uint8_t highest = highest_version;
  nonce_type nonce;

  bytes encode() const;
  static std::optional<greeting> decode(const_bytes data);
};

}  // namespace gof::wire
