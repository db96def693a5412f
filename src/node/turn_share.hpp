#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace gof::core {

/// How many bytes one of several that take turns at a link may still send. Turns by packet would favour large
/// packets. A packet that takes more than is left makes a debt, which later turns pay first.
class turn_share {
 public:
  /// Bytes in a turn: few compared with what a link takes at once, so that all get a turn.
  static constexpr std::int64_t quantum = 16 * 1024;

  /// Its turn begins, or continues. False: all of it paid the debt.
  bool begin(std::size_t weight = 1) {
    if (left_ <= 0) left_ += static_cast<std::int64_t>(weight) * quantum;
    return left_ > 0;
  }
  bool lasts() const { return left_ > 0; }
  void count(std::size_t size) { left_ -= static_cast<std::int64_t>(size); }
  /// It has nothing that may be sent. What is left of a turn is not saved.
  void run_dry() { left_ = std::min<std::int64_t>(left_, 0); }

 private:
  std::int64_t left_ = 0;
};

}  // namespace gof::core
