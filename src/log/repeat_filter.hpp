#pragma once

#include <chrono>
#include <string>

namespace gof::log {

/// Decides which lines about a failure are written: the first, each one that differs from the last, and a
/// repeat every 30 s. Reads no clock.
class repeat_filter {
 public:
  using time = std::chrono::steady_clock::time_point;
  /// Often enough for a person who watches, rare enough for a log of days.
  static constexpr std::chrono::seconds same_again{30};

  /// True: write it.
  bool begin(time now, const std::string& what) {
    if (what == what_ && now - told_ < same_again) return false;
    what_ = what;
    told_ = now;
    return true;
  }

  /// The last line; empty: it works.
  const std::string& what() const { return what_; }

  /// It works again. True: it did not before.
  bool end() {
    const bool was = !what_.empty();
    what_.clear();
    return was;
  }

 private:
  std::string what_;
  time told_{};
};

}  // namespace gof::log
