#pragma once

#include "base/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace gof::core {

/// Probes the path to the other end node: when to send a probe, what a missing answer means, and how long the
/// session may last without one. gof-protocol(7), SESSIONS.
class pathwatch {
 public:
  static constexpr duration busy_interval = 250ms;  ///< while data is outstanding
  static constexpr duration kept_interval = 2s;     ///< while streams are open or a forward is up
  /// Probes of all sessions fall into the same slots, so that a node with many wakes up for several at once.
  static constexpr duration slot = 100ms;
  static constexpr duration shortest_wait = 250ms;  ///< before an answer counts as missing
  static constexpr duration first_wait = 1s;        ///< the same until a round trip was measured
  /// Without this limit a relay that delays answers would make us probe less and less often.
  static constexpr duration longest_wait = 2s;
  static constexpr unsigned doubtful_misses = 2;
  static constexpr duration silence = 4s;  ///< without any packet: a dead path, reported in 5 s
  /// Without a path for this long it is lost. Before that the other side may have chosen another one.
  static constexpr duration way_grace = 500ms;

  enum class demand { none, kept, busy };
  struct lost {
    duration left;
  };
  struct resumed {
    duration stall;
  };

  void start(instant now, duration survive);
  void shorten_survive(duration other) { survive_ = std::min(survive_, other); }
  void handle_demand(instant now, demand wanted);
  /// Whether there is a path to the other node.
  void handle_path(instant now, bool there);
  /// The session has changed to another path, which gets a fresh chance and a probe at once.
  void handle_switch(instant now);
  /// Measures a round trip now, whatever the demand. poll_answer() gives the result.
  void ask(instant now);
  void handle_packet(instant now) { heard_ = now; }
  void handle_reply(instant now, std::uint32_t number);

  std::optional<std::uint32_t> poll_probe(instant now);
  std::optional<duration> poll_answer() { return std::exchange(answer_, std::nullopt); }
  std::optional<lost> poll_lost(instant now);
  std::optional<resumed> poll_resumed(instant now);
  std::optional<instant> poll_timeout() const;

  bool doubtful() const { return misses_ >= doubtful_misses; }
  /// There was no answer for longer than both ends survive it.
  bool expired(instant now) const { return counting() && now >= confirmed_ + survive_; }
  bool alive() const { return !lost_at_; }
  std::optional<duration> round_trip() const { return smoothed_; }

 private:
  duration survive_{};
  demand demand_ = demand::none;
  bool there_ = false;
  bool started_ = false;
  instant confirmed_{};                 ///< the last answer
  instant heard_{};                     ///< the last packet of any kind
  instant gone_{};                      ///< when the path was lost
  std::optional<instant> due_;          ///< unrenewed by then: the session ends
  bool waiting_ = false;                ///< a probe is under way
  std::optional<std::uint32_t> asked_;  ///< the first probe whose answer counts for ask()
  std::optional<duration> answer_;
  bool asking_ = false;
  instant verdict_{};  ///< deadline of the probe under way
  std::uint32_t number_ = 0;
  unsigned misses_ = 0;
  std::array<instant, 16> sent_;  ///< when the latest probes were sent; late answers count, and are measured
  std::optional<instant> lost_at_;
  std::optional<duration> smoothed_;
  duration variation_{};

  duration interval() const { return demand_ == demand::busy ? busy_interval : kept_interval; }
  /// When to send the probe after the one that was sent at this time: never later than the interval.
  instant next_after(instant sent) const;
  duration patience() const;
  bool counting() const { return started_ && (demand_ != demand::none || !there_); }
};

}  // namespace gof::core
