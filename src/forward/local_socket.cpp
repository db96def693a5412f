#include "forward/local_socket.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cstring>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace gof::forward {

bool is_tcp(local_socket& socket) {
  int family = 0;
  socklen_t size = sizeof family;
  return ::getsockopt(socket.native_handle(), SOL_SOCKET, SO_DOMAIN, &family, &size) == 0 &&
         family != AF_UNIX;
}

boost::system::error_code take_error(int socket) {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return {};
  return {error, boost::system::system_category()};
}

std::size_t unread(local_socket& socket) {
  int size = 0;
  return ::ioctl(socket.native_handle(), FIONREAD, &size) == 0 && size > 0 ? static_cast<std::size_t>(size)
                                                                           : 0;
}

std::size_t unacknowledged(local_socket& socket, bool end_sent) {
  int size = 0;
  if (::ioctl(socket.native_handle(), SIOCOUTQ, &size) != 0) return 0;
  // TCP counts the FIN as the last byte; everything else is acknowledged before it.
  if (end_sent && size > 0 && is_tcp(socket)) --size;
  return static_cast<std::size_t>(std::max(size, 0));
}

bool is_near(const local_socket& socket) {
  boost::system::error_code error;
  const auto other = socket.remote_endpoint(error);
  if (error) return false;
  switch (other.data()->sa_family) {
    case AF_INET: {
      sockaddr_in at{};
      std::memcpy(&at, other.data(), std::min(sizeof at, other.size()));
      return boost::asio::ip::address_v4(ntohl(at.sin_addr.s_addr)).is_loopback();
    }
    case AF_INET6: {
      sockaddr_in6 at{};
      std::memcpy(&at, other.data(), std::min(sizeof at, other.size()));
      return IN6_IS_ADDR_LOOPBACK(&at.sin6_addr) != 0;
    }
    default: return true;
  }
}

void abort_socket(local_socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

}  // namespace gof::forward
