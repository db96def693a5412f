#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace gof::forward {

/// Answers many probes of one service with few dials of its target: probes that arrive during a dial, or
/// within a second after it, share its outcome. So probes dial a target at most once a second. No I/O, no
/// clock.
template <class Asker, class Outcome>
class probe_coalescer {
 public:
  using time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds shared_for{1000};
  static constexpr std::size_t most_waiting = 256;  ///< at a time; more are refused as busy

  enum class step {
    dial,    ///< kept; the caller must dial, then call handle_outcome()
    wait,    ///< kept until the current dial has its outcome
    shared,  ///< not kept: last() is the answer
    busy,    ///< not kept: too many are waiting
  };

  /// `who` is moved from if it is kept.
  step ask(time now, Asker& who) {
    if (waiting_.empty() && last_ && now - answered_ < shared_for) return step::shared;
    if (waiting_.size() == most_waiting) return step::busy;
    waiting_.push_back(std::move(who));
    return waiting_.size() == 1 ? step::dial : step::wait;
  }

  const Outcome& last() const { return *last_; }
  const std::vector<Asker>& waiting() const { return waiting_; }

  /// Returns the askers to answer with this outcome.
  std::vector<Asker> handle_outcome(time now, Outcome outcome) {
    last_ = std::move(outcome);
    answered_ = now;
    return std::exchange(waiting_, {});
  }

 private:
  std::vector<Asker> waiting_;
  std::optional<Outcome> last_;
  time answered_{};
};

}  // namespace gof::forward
