#pragma once

#include "base/time.hpp"

namespace gof::test {

/// The wall clock of a program that links this; a test can set it. Nothing below the shell may notice;
/// usrsctp would, if it read it (src/sctp/clock.hpp).
struct wall_clock {
  /// Moves the clock by this much, forward or back, as an administrator would.
  static void jump(duration by);
};

}  // namespace gof::test
