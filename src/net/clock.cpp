#include "net/clock.hpp"

namespace gof::net {

// libstdc++'s steady_clock is CLOCK_MONOTONIC, in nanoseconds.
instant clock_now() {
  return instant(std::chrono::steady_clock::now().time_since_epoch());
}

std::chrono::steady_clock::time_point to_steady(instant when) {
  return std::chrono::steady_clock::time_point(when.time_since_epoch());
}

}  // namespace gof::net
