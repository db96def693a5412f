#include "dial/unix_address.hpp"

#include <algorithm>
#include <cstddef>
#include <sys/un.h>

namespace gof::dial {

boost::asio::generic::stream_protocol::endpoint unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy_n(path.begin(), std::min(path.size(), sizeof address.sun_path), address.sun_path);
  auto size = offsetof(sockaddr_un, sun_path) + std::min(path.size(), sizeof address.sun_path);
  // A path ends with a zero. An abstract name begins with one, and its length is part of the name.
  if (is_abstract(path))
    address.sun_path[0] = '\0';
  else
    size = std::min(size + 1, sizeof address);
  return {&address, size};
}

}  // namespace gof::dial
