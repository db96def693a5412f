#include "os/sd_notifier.hpp"

#include "os/process.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace gof::os {
namespace {

constexpr std::uint64_t longest_watchdog = std::uint64_t{24} * 3600 * 1'000'000;  // a day

}  // namespace

sd_notifier::sd_notifier(std::optional<int> ready_descriptor, std::string manager,
                         const std::string& watchdog_usec)
    : descriptor_(ready_descriptor), manager_(std::move(manager)) {
  std::uint64_t period = 0;
  const auto* end = watchdog_usec.data() + watchdog_usec.size();
  if (const auto [at, error] = std::from_chars(watchdog_usec.data(), end, period);
      error == std::errc() && at == end && period > 0 && !manager_.empty())
    watchdog_ = std::chrono::microseconds(std::min<std::uint64_t>(period, longest_watchdog));
  if (descriptor_ && is_usable()) ::fcntl(*descriptor_, F_SETFD, FD_CLOEXEC);
}

bool sd_notifier::is_usable() const {
  if (!descriptor_) return true;
  const auto flags = ::fcntl(*descriptor_, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

void sd_notifier::ready() {
  // On a thread: a reader that does not read it must not block the program.
  if (const auto descriptor = std::exchange(descriptor_, std::nullopt)) {
    const auto tell = [to = *descriptor] {
      write_all(to, "ready\n");
      ::close(to);
    };
    try {
      std::thread(tell).detach();
    } catch (const std::system_error&) {
      tell();
    }
  }
  send("READY=1");
}

void sd_notifier::stopping() {
  send("STOPPING=1");
}

void sd_notifier::alive() {
  send("WATCHDOG=1");
}

void sd_notifier::status(const std::string& line) {
  if (std::exchange(status_, line) != line) send("STATUS=" + line);
}

void sd_notifier::send(const std::string& state) const {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if (manager_.empty() || manager_.size() >= sizeof to.sun_path) return;
  std::memcpy(to.sun_path, manager_.data(), manager_.size());
  if (manager_.front() == '@') to.sun_path[0] = '\0';  // an abstract socket
  const int out = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (out < 0) return;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + manager_.size());
  // Best effort: a manager that does not listen learns nothing.
  ::sendto(out, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&to), size);
  ::close(out);
}

}  // namespace gof::os
