#pragma once

#include "base/time.hpp"

namespace gof::test {

/// What gettimeofday() answers in a program that links this: virtual time, for usrsctp measures round trips
/// and the age of cookies by it. Whoever moves the cores' time on sets it to the same instant. One a process,
/// like usrsctp.
struct virtual_clock {
  static void set(instant now);

  /// The wall clock is set by this much, as an administrator would; the cores' time does not notice.
  static void jump(duration by);
};

}  // namespace gof::test
