#pragma once

#include "log/logger.hpp"
#include "log/rate_limit.hpp"

namespace gof::log {

/// For lines that other peers can cause: at most so many in a period; the others are only counted.
class throttled_logger {
 public:
  throttled_logger(logger& to, std::size_t most, std::chrono::milliseconds period)
      : to_(to), limit_(most, period) {}

  void write(level how, const std::string& line, const fields& what,
             rate_limit::time now = std::chrono::steady_clock::now()) {
    if (!limit_.admit(now)) return;
    const auto held = limit_.take_held();
    to_.write(how, held == 0 ? line : line + " (and " + std::to_string(held) + " more like it before)", what);
  }
  void write(level how, const std::string& line, rate_limit::time now = std::chrono::steady_clock::now()) {
    write(how, line, {}, now);
  }

 private:
  logger& to_;
  rate_limit limit_;
};

}  // namespace gof::log
