#include "state/file_lock.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace gof::state {
namespace {

// Another process typically holds the lock for about one fsync.
constexpr std::chrono::milliseconds between_tries{5};

problem wrong(const std::filesystem::path& path, const std::string& why) {
  return {"lock file '" + path.string() + "': " + why};
}

}  // namespace

result<file_lock> file_lock::take(const std::filesystem::path& path, std::chrono::milliseconds wait) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
  if (descriptor < 0)
    return wrong(path, std::string("cannot be opened: ") + std::strerror(errno) +
                           "; make its folder writable for this user");
  file_lock lock(descriptor);
  const auto until = std::chrono::steady_clock::now() + wait;
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      return wrong(path, std::string("cannot be taken: ") + std::strerror(errno));
    if (std::chrono::steady_clock::now() >= until)
      return wrong(path, "another process has held it for " + std::to_string(wait.count()) +
                             " ms; see which with: fuser '" + path.string() + "'");
    std::this_thread::sleep_for(between_tries);
  }
  return lock;
}

file_lock::file_lock(file_lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

file_lock::~file_lock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace gof::state
