#pragma once

#include <chrono>
#include <cstddef>

namespace gof::log {

/// Admits at most `most` in each period, which begins with the first one admitted. Counts what it holds back,
/// so that the next one admitted can report it. Reads no clock.
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

  /// How many were held back since the last call.
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
