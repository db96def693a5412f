#pragma once

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/time.hpp"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace gof::test {

class host;

/// The properties of a cable between two hosts. A change does not affect bytes that were already sent.
struct cable {
  duration delay = 0ms;        ///< in one direction
  double bits_per_second = 0;  ///< in each direction; 0: no limit
  /// How much one direction of a connection holds before its writer has to wait, as with TCP.
  std::size_t buffer = 4 * 1024 * 1024;
  std::size_t piece = 16 * 1024;  ///< the most bytes that arrive at once

  /// Loss of packets in each direction, as TCP shows it: their bytes arrive late, and so does all that
  /// follows. Set by world::lose().
  double loss = 0;

  bool is_cut() const { return cut_at[0] || cut_at[1]; }

  // In each direction; 0 is from the host that was added first.
  std::optional<instant> cut_at[2];  ///< from then on nothing arrives, and nothing reports it: world::cut()
  instant line_free[2]{};            ///< when the last bit that was sent leaves
};

/// One TCP connection; ends[0] is the dialler's. Until an end is closed bytes are never lost, only late.
struct connection {
  struct segment {
    instant arrives;
    bytes data;
    std::optional<std::string> end;  ///< instead of data: the end, with the system's message
    std::vector<instant> tries;      ///< when it was sent; only the last attempt arrived
  };
  struct socket {
    host* owner = nullptr;
    link_id link{};
    bool open = true;
    bool accepted = true;        ///< at the listener: the dialler's ACK has arrived
    std::uint64_t sent = 0;      ///< bytes since it was connected
    std::size_t unread = 0;      ///< bytes in flight from here
    std::size_t unheard = 0;     ///< of them, those that arrived while the ACK is lost on the cut way back
    std::deque<segment> flying;  ///< at most cable::buffer and one gathered write
  };
  std::size_t number = 0;
  socket ends[2];

  bool over() const {
    return !ends[0].open && !ends[1].open && ends[0].flying.empty() && ends[1].flying.empty();
  }
};

/// The payload of one TCP packet.
constexpr std::size_t packet_size = 1448;

/// When TCP, whose first segment was lost at `cut`, retries after the cable is whole again: 0.2, 0.6, 1.4,
/// 3.0 .. s after `cut`.
inline instant next_try(instant cut, instant whole) {
  duration wait = 200ms;
  instant next = cut + wait;
  while (next < whole) next += (wait *= 2);
  return next;
}

}  // namespace gof::test
