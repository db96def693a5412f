#pragma once

#include <chrono>
#include <cstdint>

namespace gof::forward {

/// How long a reader that takes nothing may delay a reset. Reads no clock.
class patience {
 public:
  using time = std::chrono::steady_clock::time_point;

  /// A reader on this machine is limited only by its own pace; for one elsewhere, the network may stall.
  static constexpr std::chrono::seconds near{2};
  static constexpr std::chrono::seconds far{10};

  explicit patience(std::chrono::seconds limit) : limit_(limit) {}

  /// `taken`: how much the reader has taken so far. True: it has not changed for `limit`.
  bool is_over(time now, std::uint64_t taken) {
    if (!begun_ || taken != taken_) restart(now, taken);
    return now - since_ >= limit_;
  }
  /// Restarts the limit, since it is not the reader that keeps us waiting now.
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
