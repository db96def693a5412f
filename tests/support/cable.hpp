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

/// What a cable between two hosts does. Changed at any time; bytes already sent arrive as they were sent.
struct cable {
  duration delay = 0ms;        ///< one way
  double bits_per_second = 0;  ///< each way; 0: no limit
  /// What one direction of a connection holds before its writer is stopped, as TCP would.
  std::size_t buffer = 4 * 1024 * 1024;
  std::size_t piece = 16 * 1024;  ///< at most so many bytes arrive at once

  /// Of the packets each way, as TCP shows it: what they carry is late, and what stands behind it. Changed by
  /// world::lose().
  double loss = 0;

  bool is_cut() const { return cut_at[0] || cut_at[1]; }

  // Each way: 0 is from the host that was added first.
  std::optional<instant> cut_at[2];  ///< nothing arrives any more, nobody is told: world::cut()
  instant line_free[2]{};            ///< when the last bit of what was sent leaves
};

/// One TCP connection: the dialler's end first. What was sent is never lost, only late, until an end is
/// closed.
struct connection {
  struct segment {
    instant arrives;
    bytes data;
    std::optional<std::string> end;  ///< not data but the end, in these words of the system
    std::vector<instant> tries;      ///< when it left, of which the last got through
  };
  struct socket {
    host* owner = nullptr;
    link_id link{};
    bool open = true;
    bool accepted = true;        ///< the listener's: the dialler's ACK has come
    std::uint64_t sent = 0;      ///< since it was connected
    std::size_t unread = 0;      ///< bytes on the way from here
    std::size_t unheard = 0;     ///< of them those that came, but whose ACK is lost on the cut way back
    std::deque<segment> flying;  ///< cable::buffer, and one gathered write
  };
  std::size_t number = 0;
  socket ends[2];

  bool over() const {
    return !ends[0].open && !ends[1].open && ends[0].flying.empty() && ends[1].flying.empty();
  }
};

/// What one packet of TCP holds.
constexpr std::size_t packet_size = 1448;

/// When TCP, whose first segment was lost at `cut`, tries again after the cable is whole: 0.2, 0.6, 1.4, 3.0
/// .. s on.
inline instant next_try(instant cut, instant whole) {
  duration wait = 200ms;
  instant next = cut + wait;
  while (next < whole) next += (wait *= 2);
  return next;
}

}  // namespace gof::test
