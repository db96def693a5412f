#include "support/wall_clock.hpp"

#include <atomic>
#include <ctime>
#include <sys/time.h>

namespace gof::test {
namespace {

/// Atomic, since usrsctp's helper thread may read it.
std::atomic<duration::rep> jumped{0};

}  // namespace

void wall_clock::jump(duration by) {
  jumped += by.count();
}

}  // namespace gof::test

extern "C" int gettimeofday(timeval* tv, void*) noexcept {
  using namespace std::chrono;
  timespec real;
  clock_gettime(CLOCK_REALTIME, &real);
  const auto now = seconds(real.tv_sec) + nanoseconds(real.tv_nsec) + gof::duration(gof::test::jumped);
  tv->tv_sec = duration_cast<seconds>(now).count();
  tv->tv_usec = duration_cast<microseconds>(now % seconds(1)).count();
  return 0;
}
