#pragma once

#include "base/time.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace gof::core {

/// The receiving end of a flow on one link: how many bytes may come, and when to grant more. It counts bytes
/// of RELAY-DATA payload from the flow's beginning. gof-protocol(7), FLOWS.
///
/// The window is how many bytes may wait here. It is adjusted each time that a whole window went on: doubled
/// if the sender was blocked while the queue here ran empty, so that the window limits the flow; reduced, by
/// granting later, if it was always more than half full, which only adds delay, or if the link proves near.
class inflow_credit {
 public:
  /// Both ends assume it before any grant.
  static constexpr std::uint64_t first_window = 128 * 1024;
  /// Window minus grant step must exceed the largest packet, or both ends wait for each other for ever.
  static constexpr std::uint64_t least_window = 96 * 1024;
  static constexpr std::uint64_t most_window = 16 * 1024 * 1024;
  /// The largest window of a link whose round trip is below `far`: what waits at a relay then stays in its
  /// cache. Throughput through one relay on loopback, against a direct link: 0.76 to 0.80; with 512 KiB 0.69
  /// to 0.83, with 16 MiB 0.61. With 256 KiB the direct link itself is slower by a fifth.
  static constexpr std::uint64_t near_window = 384 * 1024;
  static constexpr duration far = 2ms;
  /// The first window of a link that is known to be far. Each doubling costs a round trip in which the sender
  /// waits, and in which the rate of the link itself cannot grow.
  static constexpr std::uint64_t far_window_at_first = 512 * 1024;

  /// With a larger window than `first_window`, which the other end assumes, the first grant is due at once.
  explicit inflow_credit(std::uint64_t window = first_window) : window_(window) {}

  /// Counts bytes that arrived. False: more than was granted.
  [[nodiscard]] bool take(std::size_t size);
  /// Bytes went on: into SCTP, or to the next link.
  void release(std::size_t size);
  /// The sender reported that it has more to send than its credit covers.
  void handle_blocked() { blocked_ = true; }
  /// A new limit to send, in steps of an eighth of the window. The window grows to at most `most`.
  std::optional<std::uint64_t> poll_grant(std::uint64_t most);

  std::uint64_t held() const { return received_ - released_; }
  /// The most that held() can come to before another grant. More than the window after it was reduced: a
  /// grant is not taken back.
  std::uint64_t may_hold() const { return limit_ - released_; }
  std::uint64_t window() const { return window_; }

 private:
  std::uint64_t limit_ = first_window;
  std::uint64_t window_;
  std::uint64_t received_ = 0;
  std::uint64_t released_ = 0;
  std::uint64_t least_held_ = 0;             ///< the lowest held() of this period
  std::uint64_t period_end_ = first_window;  ///< of released_; the period lasts one window
  bool blocked_ = false;                     ///< in this period
};

/// The sending end of a flow on one link.
class outflow_credit {
 public:
  std::uint64_t left() const { return limit_ - sent_; }
  bool covers(std::size_t size) const { return size <= left(); }
  /// The next packet is not covered. True: report that to the other end; once for each limit.
  bool note_blocked() { return std::exchange(blocked_at_, limit_) != limit_; }
  void count(std::size_t size) { sent_ += size; }
  bool began() const { return sent_ > 0; }
  void raise(std::uint64_t limit) { limit_ = std::max(limit_, limit); }

 private:
  std::uint64_t limit_ = inflow_credit::first_window;
  std::uint64_t sent_ = 0;
  std::uint64_t blocked_at_ = 0;
};

}  // namespace gof::core
