#pragma once

#include "base/id.hpp"

#include <array>
#include <optional>

namespace gof::wire {

/// GRANT: a guest presents another of its tickets on a link that is up. gof-protocol(7), LINKS.
///
///     +---------------------------------------------------------------+
///     |                          issuer (32) ...                      |
///     +---------------------------------------------------------------+
///     |                          grant (16) ...                       |
///     +---------------------------------------------------------------+
///     |    MAC (16): that ticket's proof subkey over proof key, role  |
///     +---------------------------------------------------------------+
struct grant_frame {
  static constexpr std::size_t mac_size = 16;
  peer_id issuer;
  grant_id grant;
  std::array<std::uint8_t, mac_size> mac{};

  bytes encode() const;
  static std::optional<grant_frame> decode(const_bytes data);
  bool operator==(const grant_frame&) const = default;
};

}  // namespace gof::wire
