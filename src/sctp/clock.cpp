#include "sctp/clock.hpp"

#include <atomic>
#include <chrono>
#include <sys/time.h>

namespace gof::sctp {
namespace {

/// Some years after the epoch, since usrsctp takes zero for "no time".
constexpr duration first_day = std::chrono::hours{24 * 3650};

/// Atomic, since usrsctp's helper thread may read it.
std::atomic<duration::rep> present{first_day.count()};

}  // namespace

void clock::tell(instant now) {
  present.store((first_day + now.time_since_epoch()).count(), std::memory_order_relaxed);
}

}  // namespace gof::sctp

extern "C" int gof_sctp_time_of_day(timeval* answer, void*) noexcept {
  using namespace std::chrono;
  const gof::duration now(gof::sctp::present.load(std::memory_order_relaxed));
  const auto us = duration_cast<microseconds>(now).count();
  answer->tv_sec = static_cast<time_t>(us / 1'000'000);
  answer->tv_usec = static_cast<suseconds_t>(us % 1'000'000);
  return 0;
}
