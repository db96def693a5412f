#pragma once

#include "base/id.hpp"
#include "wire/packet.hpp"
#include "wire/reason.hpp"

#include <compare>
#include <optional>

namespace gof::wire {

/// One direction between two end nodes over one path: what credit is given for on each link. The source takes
/// another generation for each path. gof-protocol(7), FLOWS.
struct flow {
  node_id source;
  node_id destination;
  std::uint16_t generation = 0;

  auto operator<=>(const flow&) const = default;
};

inline flow flow_of(const packet& head) {
  return {head.source, head.destination, head.generation};
}

/// HOP-CREDIT: the receiver of a link lets so many bytes of RELAY-DATA payload come in this flow, counted
/// from its beginning.
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

/// FLOW-CLOSE: the source sends no more in this flow. In band, behind its last packet.
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

/// FLOW-BLOCKED: the sender of a link has a packet of this flow, and could send it but for its credit.
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

/// FLOW-RESET: a link of the flow's path died, before the sender (downstream) or behind it (upstream).
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
