#pragma once

#include "base/id.hpp"
#include "wire/reason.hpp"

#include <array>
#include <optional>

namespace gof::wire {

/// PATH-ERROR: a relay's answer to a packet that it cannot pass on. It goes back to that packet's source as a
/// packet of its own, whose source is the relay, by the way the other came. gof-protocol(7), FLOWS.
///
///     +---------------------------------------------------------------+
///     |              destination of the packet answered (8)           |
///     +---------------------------------------------------------------+
///     |              P, C and number of the packet answered (8)       |
///     +---------------------------------------------------------------+
///     |              the last 8 bytes of the packet answered          |
///     +---------------+-----------------------------------------------+
///     | reason        |
///     +---------------+
struct path_error {
  using echo = std::array<std::uint8_t, 8>;

  node_id destination;
  std::uint64_t number = 0;  ///< the field as it stands in the header
  echo tail{};
  reason why = reason::none;

  bytes encode() const;
  static std::optional<path_error> decode(const_bytes data);
};

}  // namespace gof::wire
