#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace gof::core {

/// What one of several that take turns at a link may still send, in bytes: packets are of all sizes, so turns
/// by the packet would favour who sends large ones. A packet that takes more than is left is a debt, which
/// later turns pay first.
class turn_share {
 public:
  /// A turn: small beside what a link takes at once, so that all have theirs in it.
  static constexpr std::int64_t quantum = 16 * 1024;

  /// Its turn begins, or goes on. False: all of it went into the debt.
  bool begin(std::size_t weight = 1) {
    if (left_ <= 0) left_ += static_cast<std::int64_t>(weight) * quantum;
    return left_ > 0;
  }
  bool lasts() const { return left_ > 0; }
  void count(std::size_t size) { left_ -= static_cast<std::int64_t>(size); }
  /// It has nothing that may go: turns are not saved up.
  void run_dry() { left_ = std::min<std::int64_t>(left_, 0); }

 private:
  std::int64_t left_ = 0;
};

}  // namespace gof::core
