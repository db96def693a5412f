#pragma once

#include "base/time.hpp"

#include <cstdint>

namespace gof {

/// Allows so many in a period, and at most that many at once. Its caller passes the time.
class rate_limit {
 public:
  /// A token bucket: what was taken comes back one by one, spread evenly over the period.
  static rate_limit evenly(std::uint32_t most, duration period) { return {most, period / most, 1}; }
  /// A fixed window: all come back at once, a period after the first of them was taken.
  static rate_limit in_windows(std::uint32_t most, duration period) { return {most, period, most}; }

  std::uint32_t left(instant now) {
    const auto steps = (now - counted_) / step_;
    if (steps * back_ >= most_ - left_) {
      left_ = most_;
      counted_ = now;
    } else {
      left_ += static_cast<std::uint32_t>(steps * back_);
      counted_ += steps * step_;
    }
    return left_;
  }
  /// When one can be taken; in the past: at once.
  instant next() const { return left_ > 0 ? counted_ : counted_ + step_; }
  bool take(instant now, std::uint32_t count = 1) {
    if (left(now) < count) return false;
    left_ -= count;
    return true;
  }

 private:
  rate_limit(std::uint32_t most, duration step, std::uint32_t back)
      : most_(most), left_(most), back_(back), step_(step) {}

  std::uint32_t most_;
  std::uint32_t left_;
  std::uint32_t back_;  ///< after each step
  duration step_;
  instant counted_{};  ///< what came back was counted up to this time
};

}  // namespace gof
