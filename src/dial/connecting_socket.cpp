#include "dial/connecting_socket.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gof::dial {
namespace {

namespace io_error = boost::asio::error;
using boost::system::error_code;

error_code error_of(socket& one) {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(one.native_handle(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  return {error, boost::system::system_category()};
}

void tune(int handle) {
  const int on = 1;
  ::setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  // Must be set before the connection exists, or the first of two urgent bytes would be lost.
  ::setsockopt(handle, SOL_SOCKET, SO_OOBINLINE, &on, sizeof on);
}

/// Closes without TIME-WAIT, which would keep a server from reusing its port.
void abort(socket& one) {
  error_code ignored;
  one.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  one.close(ignored);
}

}  // namespace

bool is_unix(const connecting_socket::endpoint& where) {
  return where.protocol().family() == AF_UNIX;
}

boost::asio::ip::tcp::endpoint tcp_of(const connecting_socket::endpoint& where) {
  boost::asio::ip::tcp::endpoint same;
  std::memcpy(same.data(), where.data(), std::min(where.size(), same.capacity()));
  return same;
}

std::optional<socket> connecting_socket::begin(const boost::asio::any_io_executor& on, const endpoint& to,
                                               int& number) {
  const auto failed = [&](int handle, int why) -> std::optional<dial::socket> {
    if (handle >= 0) ::close(handle);
    number = why;
    return std::nullopt;
  };
  const int handle = ::socket(to.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (handle < 0) return failed(handle, errno);
  if (!is_unix(to)) tune(handle);
  const int answer = ::connect(handle, to.data(), static_cast<socklen_t>(to.size())) == 0 ? 0 : errno;
  if (answer != 0 && answer != EINPROGRESS && answer != EINTR) return failed(handle, answer);
  // Not earlier: to the loop, a socket that does not connect yet looks as if it had hung up.
  dial::socket made(on);
  error_code error;
  made.assign(to.protocol(), handle, error);
  if (error) return failed(handle, ENOMEM);
  made.non_blocking(true, error);  // it already is; this informs the loop
  return made;
}

std::optional<error_code> connecting_socket::result(endpoint& other) {
  error_code error;
  other = socket.remote_endpoint(error);
  if (error == io_error::not_connected) {
    error = error_of(socket);
    if (!error) return std::nullopt;
  }
  if (!error && !is_unix(to) && from == other) {
    abort(socket);
    error = io_error::connection_refused;  // nothing listens there: the port was free for this socket
  }
  return error;
}

void connecting_socket::close() {
  error_code ignored;
  socket.close(ignored);
  watched.reset();
  place.reset();
}

}  // namespace gof::dial
