#pragma once

#include "base/time.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace gof::core {

/// The receiving end of a flow on one link: how much may come, and when to let more come. Bytes of RELAY-DATA
/// payload, counted from the flow's beginning. gof-protocol(7), FLOWS.
///
/// The window is what may wait here: doubled when one went through, the sender said that it is blocked, and
/// nothing waited meanwhile (then it is what limits the flow); made smaller by granting later when some of it
/// always waits (then it is only delay), or when the neighbour proves to be near.
class inflow_credit {
 public:
  /// Both ends know it without a word.
  static constexpr std::uint64_t first_window = 128 * 1024;
  /// Window less grant step must exceed the largest packet, or both ends wait for ever.
  static constexpr std::uint64_t least_window = 96 * 1024;
  static constexpr std::uint64_t most_window = 16 * 1024 * 1024;
  /// At most, of a link whose round trip is below `far`: what waits at a relay stays in its cache. Through
  /// one relay on loopback 0.76 to 0.80 of direct; 0.69 to 0.83 with 512 KiB, 0.61 with 16 MiB, and with
  /// 256 KiB direct itself is slower by a fifth.
  static constexpr std::uint64_t near_window = 384 * 1024;
  static constexpr duration far = 2ms;
  /// At first, of a link that is known to be far: each doubling is a round trip that the sender spends
  /// waiting, while the link's own rate cannot grow either.
  static constexpr std::uint64_t far_window_at_first = 512 * 1024;

  /// With a larger window than the other end knows of, the first grant is due at once.
  explicit inflow_credit(std::uint64_t window = first_window) : window_(window) {}

  /// False: beyond what was granted.
  [[nodiscard]] bool take(std::size_t size);
  /// So much went on: into SCTP, or to the next link.
  void release(std::size_t size);
  /// The sender has more than the credit that it knows of lets it send.
  void handle_blocked() { blocked_ = true; }
  /// A new limit to be told, in steps of an eighth of the window, which grows to `most` at most.
  std::optional<std::uint64_t> poll_grant(std::uint64_t most);

  std::uint64_t held() const { return received_ - released_; }
  /// What held() may come to before another grant. More than the window after that was made smaller: what was
  /// granted stays so.
  std::uint64_t may_hold() const { return limit_ - released_; }
  std::uint64_t window() const { return window_; }

 private:
  std::uint64_t limit_ = first_window;
  std::uint64_t window_;
  std::uint64_t received_ = 0;
  std::uint64_t released_ = 0;
  std::uint64_t least_held_ = 0;             ///< in this period: what always waited
  std::uint64_t period_end_ = first_window;  ///< of released_: a window at a time
  bool blocked_ = false;                     ///< in this period
};

/// The sending end.
class outflow_credit {
 public:
  std::uint64_t left() const { return limit_ - sent_; }
  bool covers(std::size_t size) const { return size <= left(); }
  /// What is to go is not covered. True: to be told, once for each limit.
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
