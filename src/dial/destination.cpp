#include "dial/destination.hpp"

namespace gof::dial {

std::string destination::text() const {
  return host.empty() ? path : host_and_port(host, port);
}

std::string host_and_port(const std::string& host, std::uint16_t port) {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

}  // namespace gof::dial
