#pragma once

#include "base/time.hpp"

namespace gof::sctp {

/// The time of day for usrsctp, which measures round trips, dates cookies and schedules repeats with
/// gettimeofday(); it would freeze for an hour if the wall clock were set back by one. So the copy in this
/// program calls us instead (CMakeLists.txt here), and gets the time that the shell passes to the cores. One
/// for the process, like usrsctp.
struct clock {
  static void tell(instant now);
};

}  // namespace gof::sctp
