#pragma once

#include "base/id.hpp"

#include <optional>
#include <vector>

namespace gof::wire {

/// A link's quality in codes of one byte, which small changes do not alter. gof-protocol(7), RECORDS.
struct link_quality {
  std::uint8_t round_trip = 0;  ///< 0: not known; else (8 + (n-1) mod 8) << ((n-1) / 8), in eighths of 1 us
  std::uint8_t loss = 0;        ///< in thousandths; 255: 25.5 % or more
  std::uint8_t bandwidth = 0;   ///< 0: not known; else 64 KiB/s << (n-1)
  auto operator<=>(const link_quality&) const = default;
};

/// One link of a node that relays, or that can be reached through other nodes.
struct record_link {
  static constexpr std::size_t size = node_id::size + 5;
  node_id neighbour;
  std::uint16_t label = 0;  ///< the NEIGHBOUR's label of this link: a route with it leads from there to us
  link_quality quality;
  auto operator<=>(const record_link&) const = default;
};

/// The body of a record of links.
///
///     +---------------+---------------+-------------------------------+
///     |  reserved   |R| count         | each link, 13 bytes:
///     +-------------+-+---------------+-------------------------------+
///     |                         neighbour (8)                         |
///     +-------------------------------+---------------+---------------+
///     | label (2)                     | round trip    | loss          |
///     +---------------+---------------+---------------+---------------+
///     | bandwidth     |
///     +---------------+
///
/// R: the node may relay. The links are in ascending order of their neighbour, which excludes duplicates and
/// allows a binary search. Reserved bits are ignored, and so is what later versions append.
struct record_links {
  static constexpr std::size_t most_links = 64;

  bool relays = false;
  std::vector<record_link> links;

  const record_link* to(const node_id& neighbour) const;

  bytes encode() const;
  static std::optional<record_links> decode(const_bytes data);
  bool operator==(const record_links&) const = default;
};

}  // namespace gof::wire
