#include "net/system_random.hpp"

#include <cerrno>
#include <cstdlib>
#include <sys/random.h>

namespace gof::net {

void system_random::fill(mutable_bytes out) {
  while (!out.empty()) {
    const auto got = ::getrandom(out.data(), out.size(), 0);
    // Nothing may go on with numbers that are not random: keys are made of them.
    if (got < 0 && errno != EINTR) std::abort();
    if (got > 0) out = out.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace gof::net
