#pragma once

#include "base/id.hpp"
#include "wire/reason.hpp"

#include <array>
#include <optional>

namespace gof::wire {

/// PATH-ERROR: a relay's answer to a packet that it cannot forward. The answer is a packet with the relay as
/// its source; it goes back along the path on which the other packet came. gof-protocol(7), FLOWS.
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
  std::uint64_t number = 0;  ///< the field as in the header
  echo tail{};
  reason why = reason::none;

  bytes encode() const;
  static std::optional<path_error> decode(const_bytes data);
};

}  // namespace gof::wire
