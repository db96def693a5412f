#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace gof::core {

/// How much may wait for a link beyond the turns of its flows and streams: what its path carries in a moment,
/// so that what is written last does not wait long behind it. On a fast path it is one gathered write.
class output_limit {
 public:
  static constexpr std::size_t most = 128 * 1024;
  static constexpr std::size_t least = 2 * 1024;  ///< with less, heads and turns of the loop cost too much
  /// Each queue on the way to the path has this time: the association, the link, the system.
  static constexpr std::chrono::milliseconds moment{5};
  /// While TCP's window opens, the rate lags behind it. A part of the window is enough not to hold it up.
  static constexpr std::uint64_t part_of_window = 16;
  /// In halves of a round trip: one is what the path holds, and a half bridges what is acknowledged late.
  static constexpr std::uint64_t half_round_trips = 3;
  /// Less than TCP begins with would only slow down its start.
  static constexpr std::size_t least_in_flight = 12 * 1024;
  static constexpr std::size_t unlimited = SIZE_MAX;

  /// What TCP tells about a path for which more waits than it takes.
  struct path {
    std::uint64_t rate = 0;                  ///< bytes a second; 0: it is still being measured
    std::uint64_t window = 0;                ///< bytes that may be in flight
    std::chrono::microseconds round_trip{};  ///< the shortest; zero: not known
    bool is_recovering = false;  ///< something was lost, and the window is needed for what follows it
  };
  void handle_path(const path& now) {
    bytes_ = most;
    in_flight_ = unlimited;
    if (now.rate == 0) return;
    const auto in_a_moment = now.rate / 1000 * static_cast<std::uint64_t>(moment.count());
    bytes_ = static_cast<std::size_t>(
        std::clamp<std::uint64_t>(std::max(in_a_moment, now.window / part_of_window), least, most));
    const auto in_flight = static_cast<std::size_t>(
        half_round_trips * now.rate * static_cast<std::uint64_t>(now.round_trip.count()) / 2'000'000);
    const bool known = !now.is_recovering && now.round_trip.count() > 0;
    if (known && in_a_moment < most && in_flight < most) in_flight_ = std::max(in_flight, least_in_flight);
  }

  std::size_t bytes() const { return bytes_; }
  /// How much of an association's data may be under way on a slow path. TCP's window has room for as much
  /// again as the path holds, and for several segments more: at a low rate that is a long queue.
  std::size_t in_flight() const { return in_flight_; }

 private:
  std::size_t bytes_ = most;
  std::size_t in_flight_ = unlimited;
};

}  // namespace gof::core
