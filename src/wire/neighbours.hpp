#pragma once

#include "wire/address.hpp"

#include <optional>
#include <vector>

namespace gof::wire {

/// NEIGHBOURS: addresses at which a guest can reach other members. gof-protocol(7), LINKS.
///
///     +---------------+-----------------------------------------------+
///     | count (<= 4)  | addresses, each: length, host, port (2) ...
///     +---------------+-----------------------------------------------+
struct neighbours {
  static constexpr std::size_t most_addresses = 4;  ///< as in a ticket

  std::vector<address> addresses;

  bytes encode() const;
  static std::optional<neighbours> decode(const_bytes data);
  bool operator==(const neighbours&) const = default;
};

}  // namespace gof::wire
