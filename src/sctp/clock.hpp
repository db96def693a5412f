#pragma once

#include "base/time.hpp"

namespace gof::sctp {

/// The time of day usrsctp sees. It measures round trips, dates cookies and decides what to send again by
/// gettimeofday(), and stands still for an hour when the wall clock is set back by one. So its copy in this
/// program is made to ask us (CMakeLists.txt here), and hears the time it is told like everything else below
/// the shell. One a process, like usrsctp.
struct clock {
  static void tell(instant now);
};

}  // namespace gof::sctp
