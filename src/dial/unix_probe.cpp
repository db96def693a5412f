#include "dial/unix_probe.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>

namespace gof::dial {

boost::system::error_code probe_unix(const std::string& path) {
  using boost::system::system_category;
  const boost::asio::local::stream_protocol::endpoint where(path);
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (probe < 0) return {errno, system_category()};
  const int error = ::connect(probe, where.data(), static_cast<socklen_t>(where.size())) == 0 ? 0 : errno;
  ::close(probe);
  if (error == 0 || error == EAGAIN) return {};
  return {error, system_category()};
}

}  // namespace gof::dial
