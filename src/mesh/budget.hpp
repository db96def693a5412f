#pragma once

#include "base/time.hpp"

#include <algorithm>
#include <cstdint>

namespace gof::core {

/// A token bucket: `in_a_second` tokens come back each second, and it holds at most as many.
class budget {
 public:
  explicit budget(std::uint32_t in_a_second) : most_(in_a_second), left_(in_a_second) {}

  std::uint32_t left(instant now) {
    const auto each = duration(1s) / most_;
    const auto grown = (now - counted_) / each;
    if (grown >= most_ - left_) {
      left_ = most_;
      counted_ = now;
    } else {
      left_ += static_cast<std::uint32_t>(grown);
      counted_ += grown * each;
    }
    return left_;
  }
  bool take(instant now, std::uint32_t count = 1) {
    if (left(now) < count) return false;
    left_ -= count;
    return true;
  }

 private:
  std::uint32_t most_;
  std::uint32_t left_;
  instant counted_{};
};

}  // namespace gof::core
