#include "forward/local_socket.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <sys/socket.h>

namespace gof::forward {

void tune(local_socket& socket) {
  // None of these fails for a TCP socket that is open; a unix socket has no delay to switch off.
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  socket.set_option(boost::asio::socket_base::out_of_band_inline(true), ignored);
}

boost::system::error_code take_error(local_socket& socket) {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) return {};
  return {error, boost::system::system_category()};
}

void abort_socket(local_socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

}  // namespace gof::forward
