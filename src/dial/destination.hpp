#pragma once

#include <cstdint>
#include <string>

namespace gof::dial {

/// Where to connect: a TCP port of a host, or a unix socket.
struct destination {
  std::string host;  ///< a name or an address, IPv6 without brackets; empty: a unix socket
  std::uint16_t port = 0;
  std::string path;

  std::string text() const;
};

/// "192.0.2.1:80", "[2001:db8::1]:80", "db.lan:80".
std::string host_and_port(const std::string& host, std::uint16_t port);

}  // namespace gof::dial
