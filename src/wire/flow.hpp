#pragma once

#include "base/id.hpp"
#include "wire/packet.hpp"
#include "wire/reason.hpp"

#include <compare>
#include <optional>

namespace gof::wire {

/// One direction between two end nodes over one path: the unit of credit on each link. For another path the
/// source uses another generation. gof-protocol(7), FLOWS.
struct flow {
  node_id source;
  node_id destination;
  std::uint16_t generation = 0;

  auto operator<=>(const flow&) const = default;
};

inline flow flow_of(const packet& head) {
  return {head.source, head.destination, head.generation};
}

/// HOP-CREDIT: how many bytes of RELAY-DATA payload the receiver of a link accepts in this flow, counted from
/// the flow's beginning.
///
///     +---------------------------------------------------------------+
///     | source (8), destination (8)                                   |
///     +-------------------------------+-------------------------------+
///     | generation                    | limit (8) ...
///     +-------------------------------+-------------------------------+
struct hop_credit {
  wire::flow flow;
  std::uint64_t limit = 0;

  bytes encode() const;
  static std::optional<hop_credit> decode(const_bytes data);
};

/// FLOW-CLOSE: the source sends no more in this flow. It follows the flow's last packet, in order.
///
///     +---------------------------------------------------------------+
///     | source (8), destination (8)                                   |
///     +-------------------------------+-------------------------------+
///     | generation                    |
///     +-------------------------------+
struct flow_close {
  wire::flow flow;

  bytes encode() const;
  static std::optional<flow_close> decode(const_bytes data);
};

/// FLOW-BLOCKED: the sender has a packet of this flow that it could send now, but no credit for it.
///
///     +---------------------------------------------------------------+
///     | source (8), destination (8)                                   |
///     +-------------------------------+-------------------------------+
///     | generation                    |
///     +-------------------------------+
struct flow_blocked {
  wire::flow flow;

  bytes encode() const;
  static std::optional<flow_blocked> decode(const_bytes data);
};

/// FLOW-RESET: a link of the flow's path was lost. Sent in both directions, away from the lost link.
///
///     +---------------------------------------------------------------+
///     | source (8), destination (8)                                   |
///     +-------------------------------+---------------+---------------+
///     | generation                    | reason        |
///     +-------------------------------+---------------+
struct flow_reset {
  wire::flow flow;
  reason why = reason::none;

  bytes encode() const;
  static std::optional<flow_reset> decode(const_bytes data);
};

}  // namespace gof::wire
