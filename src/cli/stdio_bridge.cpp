#include "cli/stdio_bridge.hpp"

#include "cli/process.hpp"

#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace gof::cli {
namespace {

constexpr std::size_t piece = 64 * 1024;

ssize_t read_some(int from, std::array<char, piece>& into) {
  for (;;) {
    const auto got = ::read(from, into.data(), into.size());
    if (got >= 0 || errno != EINTR) return got;
  }
}

/// Ends with stdin; what the other side does then is its affair.
void copy_in(int to) {
  std::array<char, piece> buffer;
  for (;;) {
    const auto got = read_some(STDIN_FILENO, buffer);
    if (got <= 0) break;
    if (!write_all(to, {buffer.data(), static_cast<std::size_t>(got)})) break;
  }
  ::shutdown(to, SHUT_WR);
}

std::error_code copy_out(int from) {
  std::array<char, piece> buffer;
  for (;;) {
    const auto got = read_some(from, buffer);
    if (got <= 0) return {};
    if (write_all(STDOUT_FILENO, {buffer.data(), static_cast<std::size_t>(got)})) continue;
    const std::error_code why(errno, std::system_category());
    ::shutdown(from, SHUT_RDWR);
    return why;
  }
}

}  // namespace

result<forward::local_socket> stdio_bridge::open(boost::asio::io_context& io) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return problem{"no socket for stdin and stdout: " + std::system_category().message(errno)};
  std::thread([to = ends[0]] { copy_in(to); }).detach();
  std::promise<std::error_code> told;
  written_ = told.get_future();
  std::thread([from = ends[0], told = std::move(told)]() mutable {
    told.set_value(copy_out(from));
  }).detach();
  forward::local_socket outer(io);
  outer.assign(boost::asio::generic::stream_protocol(AF_UNIX, 0), ends[1]);
  boost::system::error_code ignored;
  outer.non_blocking(true, ignored);
  return outer;
}

std::error_code stdio_bridge::finish() {
  return written_.valid() ? written_.get() : std::error_code();
}

}  // namespace gof::cli
