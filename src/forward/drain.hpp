#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace gof::forward {

/// How a program ends that was asked to: those that stand may finish, but not for ever. No clock of its own.
class drain {
 public:
  using time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds limit{30};

  drain(time now, std::size_t left);

  /// What to tell at the beginning; empty: nothing is left.
  std::string words() const;
  bool is_done(time now, std::size_t left) const { return left == 0 || now >= until_; }

 private:
  time until_;
  std::size_t at_first_;
};

}  // namespace gof::forward
