#pragma once

#include "base/rate_limit.hpp"
#include "log/logger.hpp"

#include <utility>

namespace gof::log {

/// For lines that other peers can cause: at most so many in a period; the others are only counted.
class throttled_logger {
 public:
  throttled_logger(logger& to, std::uint32_t most, duration period)
      : to_(to), limit_(rate_limit::in_windows(most, period)) {}

  void write(level how, const std::string& line, const fields& what, instant now = time_now()) {
    if (!limit_.take(now)) {
      ++held_;
      return;
    }
    const auto held = std::exchange(held_, 0);
    to_.write(how, held == 0 ? line : line + " (and " + std::to_string(held) + " more like it before)", what);
  }
  void write(level how, const std::string& line, instant now = time_now()) { write(how, line, {}, now); }

 private:
  static instant time_now() { return instant(std::chrono::steady_clock::now().time_since_epoch()); }

  logger& to_;
  rate_limit limit_;
  std::size_t held_ = 0;
};

}  // namespace gof::log
