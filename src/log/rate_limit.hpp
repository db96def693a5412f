#pragma once

#include <chrono>
#include <cstddef>

namespace gof::log {

/// At most so many in a period, counted from the first of it. What was held back is counted, to be told with
/// the next that passes. No clock of its own.
class rate_limit {
 public:
  using time = std::chrono::steady_clock::time_point;

  rate_limit(std::size_t most, std::chrono::milliseconds period) : most_(most), period_(period) {}

  bool admit(time now) {
    if (passed_ == 0 || now - began_ >= period_) {
      began_ = now;
      passed_ = 0;
    }
    if (passed_ == most_) {
      ++held_;
      return false;
    }
    ++passed_;
    return true;
  }

  /// How many were held back since this was last asked.
  std::size_t take_held() {
    const auto held = held_;
    held_ = 0;
    return held;
  }

 private:
  std::size_t most_;
  std::chrono::milliseconds period_;
  time began_{};
  std::size_t passed_ = 0;
  std::size_t held_ = 0;
};

}  // namespace gof::log
