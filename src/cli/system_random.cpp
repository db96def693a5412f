#include "cli/system_random.hpp"

#include <cerrno>
#include <cstdlib>
#include <sys/random.h>

namespace gof::cli {

void system_random::fill(mutable_bytes out) {
  while (!out.empty()) {
    const auto got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno != EINTR) std::abort();  // keys would be made of it
    if (got > 0) out = out.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace gof::cli
