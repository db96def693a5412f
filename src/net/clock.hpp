#pragma once

#include "base/time.hpp"

#include <chrono>

namespace gof::net {

/// The only clock that is read: CLOCK_MONOTONIC. It stops while the machine is suspended, on purpose: with
/// CLOCK_BOOTTIME every deadline would have passed at the moment of waking, and peers would be given up
/// before they could answer. The system's timers wait by this clock, too.
instant clock_now();

std::chrono::steady_clock::time_point to_steady(instant when);

}  // namespace gof::net
