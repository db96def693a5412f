#include "state/support.hpp"

#include <csignal>
#include <sys/resource.h>

namespace gof::state::test {

full_disk::full_disk(std::size_t most) {
  std::signal(SIGXFSZ, SIG_IGN);  // so that the write fails and no signal kills
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  before_ = limit.rlim_cur;
  limit.rlim_cur = most;
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) std::abort();
}

full_disk::~full_disk() {
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = before_;
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

}  // namespace gof::state::test
