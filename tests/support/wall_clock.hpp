#pragma once

#include "base/time.hpp"

namespace gof::test {

/// The wall clock of a program that links this, which can be set. Nothing below the shell may notice; usrsctp
/// would, if it asked it (src/sctp/clock.hpp).
struct wall_clock {
  /// It is set by this much, as an administrator would.
  static void jump(duration by);
};

}  // namespace gof::test
