#pragma once

#include <chrono>
#include <cstdint>

namespace gof::forward {

/// How long a reader that takes nothing holds up a reset: a limit without progress. No clock of its own.
class patience {
 public:
  using time = std::chrono::steady_clock::time_point;

  /// On this machine the reader's own pace is all there is; elsewhere its network may stall as well.
  static constexpr std::chrono::seconds near{2};
  static constexpr std::chrono::seconds far{10};

  explicit patience(std::chrono::seconds limit) : limit_(limit) {}

  /// `taken`: what the reader has taken so far. True: the same for as long as the limit.
  bool is_over(time now, std::uint64_t taken) {
    if (!begun_ || taken != taken_) restart(now, taken);
    return now - since_ >= limit_;
  }
  /// It is not the reader that is waited for.
  void restart(time now, std::uint64_t taken) {
    begun_ = true;
    taken_ = taken;
    since_ = now;
  }

 private:
  std::chrono::seconds limit_;
  bool begun_ = false;
  std::uint64_t taken_ = 0;
  time since_{};
};

}  // namespace gof::forward
