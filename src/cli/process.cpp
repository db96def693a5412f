#include "cli/process.hpp"

#include "base/peer_name.hpp"
#include "cli/scrub.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

extern char** environ;

namespace gof::cli {
namespace {

constexpr std::size_t longest_host_name = 64;  // HOST_NAME_MAX of Linux

bool is_wanted(std::string_view name) {
  return name.starts_with("GOF_") || name == "HOME" || name == "XDG_STATE_HOME" ||
         name == "XDG_CONFIG_HOME" || name == "NO_COLOR" || name == "NOTIFY_SOCKET" ||
         name == "WATCHDOG_USEC" || name == "XDG_RUNTIME_DIR" || name == "TERM";
}

}  // namespace

void open_standard_descriptors() {
  for (int descriptor = 0; descriptor <= 2; ++descriptor)
    if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF)
      if (::open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY) != descriptor) return;
}

void keep_secrets_in() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

environment take_environment() {
  environment taken;
  std::vector<std::string> secret;
  for (char** entry = environ; entry && *entry; ++entry) {
    char* const equals = std::strchr(*entry, '=');
    if (!equals) continue;
    const std::string name(*entry, equals);
    if (!is_wanted(name)) continue;
    taken.emplace(name, equals + 1);
    if (name.starts_with("GOF_") && blank_secrets({equals + 1, std::strlen(equals + 1)}))
      secret.push_back(name);
  }
  for (const auto& name : secret) ::unsetenv(name.c_str());
  return taken;
}

std::string host_name() {
  std::array<char, longest_host_name + 1> name{};
  return peer_name_of_host(::gethostname(name.data(), name.size()) == 0 ? name.data() : "");
}

bool is_passing(int error) {
  return error == EINTR || error == EAGAIN || error == EWOULDBLOCK;
}

void wait_for(int descriptor, short events) {
  pollfd one{descriptor, events, 0};
  ::poll(&one, 1, -1);
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && !is_passing(errno)) return false;
    if (written < 0) {
      if (errno != EINTR) wait_for(descriptor, POLLOUT);
      continue;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace gof::cli
