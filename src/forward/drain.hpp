#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace gof::forward {

/// How a program stops when asked to: open connections may finish, but not for ever. Reads no clock.
class drain {
 public:
  using time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds limit{30};

  drain(time now, std::size_t left);

  /// The message at the beginning; empty: no connection is left.
  std::string words() const;
  /// How long open connections still have.
  std::chrono::seconds time_left(time now) const {
    return std::chrono::ceil<std::chrono::seconds>(std::max(until_ - now, time::duration::zero()));
  }
  bool is_done(time now, std::size_t left) const { return left == 0 || now >= until_; }

 private:
  time until_;
  std::size_t at_first_;
};

}  // namespace gof::forward
