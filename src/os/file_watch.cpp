#include "os/file_watch.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/inotify.h>
#include <unistd.h>

namespace gof::os {
namespace {

/// Room for many events; the rest is read the next time.
constexpr std::size_t read_size = 4096;

}  // namespace

file_watch::file_watch(const boost::asio::any_io_executor& on, const std::filesystem::path& file,
                       std::function<void()> changed)
    : events_(on), name_(file.filename().string()), changed_(std::move(changed)) {
  const int descriptor = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  const auto folder = file.has_parent_path() ? file.parent_path().string() : std::string(".");
  if (descriptor < 0 || ::inotify_add_watch(descriptor, folder.c_str(),
                                            IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE) < 0) {
    problem_ = std::strerror(errno);
    if (descriptor >= 0) ::close(descriptor);
    return;
  }
  events_.assign(descriptor);
  wait();
}

void file_watch::close() {
  *alive_ = false;
  boost::system::error_code ignored;
  events_.close(ignored);
}

void file_watch::wait() {
  events_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                     [this, alive = alive_](boost::system::error_code error) {
                       if (!*alive || error) return;
                       if (read_events()) changed_();
                       if (*alive) wait();
                     });
}

/// True: at least one event concerns the file.
bool file_watch::read_events() {
  alignas(inotify_event) std::array<char, read_size> buffer;
  const auto size = ::read(events_.native_handle(), buffer.data(), buffer.size());
  bool found = false;
  for (ssize_t at = 0; at + static_cast<ssize_t>(sizeof(inotify_event)) <= size;) {
    inotify_event event{};
    std::memcpy(&event, buffer.data() + at, sizeof event);
    // After an overflow any event may have been missed.
    if ((event.mask & IN_Q_OVERFLOW) != 0) found = true;
    if (event.len > 0 && name_ == buffer.data() + at + sizeof event) found = true;
    at += static_cast<ssize_t>(sizeof event + event.len);
  }
  return found;
}

}  // namespace gof::os
