#include "os/stdio_bridge.hpp"

#include "os/process.hpp"

#include <boost/asio/post.hpp>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <fcntl.h>
#include <mutex>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace gof::os {
namespace {

constexpr std::size_t piece = 64 * 1024;

bool is_socket(int descriptor) {
  struct stat found {};
  return ::fstat(descriptor, &found) == 0 && S_ISSOCK(found.st_mode);
}

/// The pending error of a socket that poll() reported, taken from it.
int error_of(int socket) {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

/// Ends the output for its reader; a socket stays open for reading. Returns 0, or the error: some file
/// systems report a failed write only now.
int end_output(int descriptor) {
  if (is_socket(descriptor)) {
    ::shutdown(descriptor, SHUT_WR);
    return 0;
  }
  const int copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  const int error = copy >= 0 && ::close(copy) != 0 && errno != EINTR ? errno : 0;
  // The number must stay taken, or the next descriptor that is opened would become standard output.
  const int nothing = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nothing < 0) {
    ::close(descriptor);
  } else {
    ::dup2(nothing, descriptor);
    ::close(nothing);
  }
  return error;
}

}  // namespace

/// What the threads share with the loop. The inner socket is closed when the last of them has ended.
class stdio_bridge::copying {
 public:
  copying(boost::asio::io_context& io, failure_handler broken, int in, int out, int inner)
      : io_(io),
        broken_(std::move(broken)),
        in_(in),
        out_(out),
        in_is_socket_(is_socket(in)),
        inner_(inner) {}
  ~copying() { ::close(inner_); }

  void copy_in();
  void copy_out();

  std::size_t unwritten() const;
  std::string wait_written();
  void forget_handler();

 private:
  ssize_t read_input(std::array<char, piece>& into) const;
  bool pass(const char* data, std::size_t size);
  void await_reset();
  ssize_t take(std::array<char, piece>& into);
  int write_output(const char* data, std::size_t size);
  void tell(const std::string& what);

  boost::asio::io_context& io_;
  failure_handler broken_;  ///< under the mutex; empty: the loop is gone
  const int in_, out_;
  const bool in_is_socket_;
  const int inner_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t held_ = 0;     ///< bytes taken from the inner socket and not written yet
  bool ended_ = false;       ///< stdout takes no more
  std::string not_written_;  ///< the reason, if something was left
};

// ---------------------------------------------------------------- stdin

void stdio_bridge::copying::copy_in() {
  std::array<char, piece> buffer;
  for (;;) {
    const auto got = read_input(buffer);
    if (got < 0) return tell("standard input: " + std::system_category().message(errno));
    if (got == 0) break;
    if (!pass(buffer.data(), static_cast<std::size_t>(got))) return;
  }
  ::shutdown(inner_, SHUT_WR);
  if (in_is_socket_) await_reset();
}

ssize_t stdio_bridge::copying::read_input(std::array<char, piece>& into) const {
  for (;;) {
    const auto got = ::read(in_, into.data(), into.size());
    if (got >= 0 || !is_passing(errno)) return got;
    if (errno != EINTR) wait_for(in_, POLLIN);
  }
}

/// False: the loop takes no more, or stdin was reset while waiting for the loop.
bool stdio_bridge::copying::pass(const char* data, std::size_t size) {
  while (size > 0) {
    const auto sent = ::send(inner_, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) {
      data += sent;
      size -= static_cast<std::size_t>(sent);
      continue;
    }
    if (!is_passing(errno)) return false;
    std::array<pollfd, 2> both{pollfd{inner_, POLLOUT, 0}, pollfd{in_is_socket_ ? in_ : -1, 0, 0}};
    if (::poll(both.data(), both.size(), -1) < 0 || (both[1].revents & POLLERR) == 0) continue;
    tell("standard input: " + std::system_category().message(error_of(in_)));
    return false;
  }
  return true;
}

/// Nothing is read after the end, so only this notices a reset that follows it.
void stdio_bridge::copying::await_reset() {
  pollfd one{in_, 0, 0};
  while (::poll(&one, 1, -1) < 0 && errno == EINTR) {
  }
  if ((one.revents & POLLERR) == 0) return;
  if (const int error = error_of(in_)) tell("standard input: " + std::system_category().message(error));
}

// ---------------------------------------------------------------- stdout

void stdio_bridge::copying::copy_out() {
  std::array<char, piece> buffer;
  int error = 0;
  for (;;) {
    const auto got = take(buffer);
    if (got <= 0) break;
    error = write_output(buffer.data(), static_cast<std::size_t>(got));
    if (error != 0) break;
  }
  // A failed write is reported first: a program that sees the end of stdout may check the exit code at once.
  if (error == 0) error = end_output(out_);
  const auto what = error == 0 ? "" : "standard output: " + std::system_category().message(error);
  if (!what.empty()) tell(what);
  const std::lock_guard guard(mutex_);
  not_written_ = what;
  ended_ = true;
  changed_.notify_all();
}

/// The mutex makes taking bytes off the socket and counting them in held_ one step for unwritten().
ssize_t stdio_bridge::copying::take(std::array<char, piece>& into) {
  for (;;) {
    {
      const std::lock_guard guard(mutex_);
      const auto got = ::recv(inner_, into.data(), into.size(), MSG_DONTWAIT);
      if (got >= 0 || !is_passing(errno)) {
        held_ = static_cast<std::size_t>(std::max<ssize_t>(got, 0));
        return got;
      }
    }
    wait_for(inner_, POLLIN);
  }
}

/// Returns 0, or the error.
int stdio_bridge::copying::write_output(const char* data, std::size_t size) {
  while (size > 0) {
    const auto written = ::write(out_, data, size);
    if (written < 0) {
      if (!is_passing(errno)) return errno;
      if (errno != EINTR) wait_for(out_, POLLOUT);
      continue;
    }
    data += written;
    size -= static_cast<std::size_t>(written);
    const std::lock_guard guard(mutex_);
    held_ = size;
  }
  return 0;
}

std::size_t stdio_bridge::copying::unwritten() const {
  const std::lock_guard guard(mutex_);
  int queued = 0;
  if (::ioctl(inner_, FIONREAD, &queued) != 0) queued = 0;
  return held_ + static_cast<std::size_t>(queued);
}

std::string stdio_bridge::copying::wait_written() {
  std::unique_lock guard(mutex_);
  changed_.wait(guard, [this] { return ended_; });
  return not_written_;
}

// ---------------------------------------------------------------- the loop

void stdio_bridge::copying::tell(const std::string& what) {
  const std::lock_guard guard(mutex_);
  if (broken_) boost::asio::post(io_, [told = broken_, what] { told(what); });
}

void stdio_bridge::copying::forget_handler() {
  const std::lock_guard guard(mutex_);
  broken_ = nullptr;
}

stdio_bridge::stdio_bridge(int in, int out) : in_(in), out_(out) {}

stdio_bridge::~stdio_bridge() {
  if (copying_) copying_->forget_handler();
}

result<stdio_bridge::socket> stdio_bridge::open(boost::asio::io_context& io, failure_handler broken) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return problem{"no socket for stdin and stdout: " + std::system_category().message(errno)};
  copying_ = std::make_shared<copying>(io, std::move(broken), in_, out_, ends[0]);
  std::thread([all = copying_] { all->copy_in(); }).detach();
  std::thread([all = copying_] { all->copy_out(); }).detach();
  socket outer(io);
  outer.assign(boost::asio::generic::stream_protocol(AF_UNIX, 0), ends[1]);
  boost::system::error_code ignored;
  outer.non_blocking(true, ignored);
  return outer;
}

std::size_t stdio_bridge::unwritten() const {
  return copying_ ? copying_->unwritten() : 0;
}

std::string stdio_bridge::finish() {
  return copying_ ? copying_->wait_written() : std::string();
}

}  // namespace gof::os
