#include "net/system_random.hpp"

#include <cerrno>
#include <cstdlib>
#include <sys/random.h>

namespace gof::net {

void system_random::fill(mutable_bytes out) {
  while (!out.empty()) {
    const auto got = ::getrandom(out.data(), out.size(), 0);
    // Keys are made of these numbers, so nothing may continue without them.
    if (got < 0 && errno != EINTR) std::abort();
    if (got > 0) out = out.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace gof::net
