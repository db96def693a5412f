#include "net/unsent_limit.hpp"

#include <algorithm>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace gof::net {

void unsent_limit::handle_limit(std::size_t bytes) {
  bytes = std::max(bytes, least);
  if (bytes != bytes_) set(bytes);
}

void unsent_limit::set(std::size_t bytes) {
  bytes_ = bytes;
  const int most = static_cast<int>(bytes);
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most, sizeof most);
}

bool unsent_limit::is_full() const {
  if (!is_low()) return false;  // a segment or two are no more
  int unsent = 0;
  if (::ioctl(socket_, SIOCOUTQNSD, &unsent) != 0) return false;
  return 2 * static_cast<std::size_t>(unsent) >= bytes_;
}

}  // namespace gof::net
