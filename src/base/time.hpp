#pragma once

#include <chrono>

namespace gof {

/// The time that cores are given. It has no now(): only the shell and the simulator have a clock.
struct core_clock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::nanoseconds;
  using time_point = std::chrono::time_point<core_clock, duration>;
  static constexpr bool is_steady = true;
};

using duration = core_clock::duration;
using instant = core_clock::time_point;

using namespace std::chrono_literals;

}  // namespace gof
