#pragma once

#include <array>
#include <chrono>
#include <cstddef>

namespace gof::forward {

/// Pauses between attempts: short at first, for a target that restarts; then long, for one that is gone.
class backoff {
 public:
  std::chrono::seconds next() {
    const auto pause = steps[step_];
    if (step_ + 1 < steps.size())
      ++step_;
    else
      ++at_last_;
    return pause;
  }
  /// The pauses no longer grow, so a message now would only repeat earlier ones.
  bool is_stale() const { return at_last_ > 1; }
  void reset() { *this = {}; }

 private:
  static constexpr std::array<std::chrono::seconds, 5> steps{
      std::chrono::seconds(1), std::chrono::seconds(2), std::chrono::seconds(5), std::chrono::seconds(10),
      std::chrono::seconds(30)};
  std::size_t step_ = 0;
  std::size_t at_last_ = 0;
};

}  // namespace gof::forward
