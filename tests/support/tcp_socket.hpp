#pragma once

#include <arpa/inet.h>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>

// Sockets of programs that tests start: such a program ends when the system refuses what every system gives.

namespace gof::test {

[[noreturn]] inline void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

inline sockaddr_in place(const std::string& host, std::uint16_t port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &at.sin_addr) != 1) fail(host.c_str());
  return at;
}

template <class Address>
const sockaddr* plain(const Address& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

/// With flags of socket(2), such as SOCK_NONBLOCK.
inline int tcp_socket(int flags = 0) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
  if (fd < 0) fail("socket");
  const int yes = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  return fd;
}

/// From this address, on any port.
inline void bind_to(int fd, const std::string& host) {
  const auto from = place(host, 0);
  if (bind(fd, plain(from), sizeof from) != 0) fail("bind");
}

}  // namespace gof::test
