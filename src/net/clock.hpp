#pragma once

#include "base/time.hpp"

#include <chrono>

namespace gof::net {

/// The only clock that is read: CLOCK_MONOTONIC. It stands while the machine is suspended, which is wanted:
/// with CLOCK_BOOTTIME every deadline would be over at the moment of waking, and peers would be given up
/// before they had a chance to answer. It is also the clock that timers of the system wait by.
instant clock_now();

std::chrono::steady_clock::time_point to_steady(instant when);

}  // namespace gof::net
