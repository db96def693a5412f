#pragma once

#include <chrono>
#include <string>

namespace gof::forward {

/// What does not work, told when it begins, when it becomes another, and now and then while it stays the
/// same. No clock of its own.
class trouble {
 public:
  using time = std::chrono::steady_clock::time_point;
  /// Often enough for who looks, seldom enough for a log of days.
  static constexpr std::chrono::seconds same_again{30};

  /// True: tell it.
  bool begin(time now, const std::string& what) {
    if (what == what_ && now - told_ < same_again) return false;
    what_ = what;
    told_ = now;
    return true;
  }

  /// What it is; empty: none.
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

}  // namespace gof::forward
