#include "support/virtual_clock.hpp"

#include <atomic>
#include <sys/time.h>

namespace gof::test {
namespace {

/// Some day well after 1970, so that a jump back stays positive.
constexpr duration first_day = std::chrono::hours{24 * 365 * 50};

/// Atomic, for usrsctp's helper thread may look.
std::atomic<duration::rep> present{first_day.count()};
std::atomic<duration::rep> jumped{0};

}  // namespace

void virtual_clock::set(instant now) {
  present = (first_day + now.time_since_epoch()).count();
}

void virtual_clock::jump(duration by) {
  jumped += by.count();
}

}  // namespace gof::test

extern "C" int gettimeofday(timeval* tv, void*) noexcept {
  using namespace std::chrono;
  const auto now = duration_cast<microseconds>(gof::duration(gof::test::present + gof::test::jumped)).count();
  tv->tv_sec = static_cast<time_t>(now / 1'000'000);
  tv->tv_usec = static_cast<suseconds_t>(now % 1'000'000);
  return 0;
}
