#include "tcp.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstdio>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>
#include <vector>

namespace tcp {
namespace {

constexpr int backlog = 4096;
constexpr timeval patience{.tv_sec = 30, .tv_usec = 0};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

void tune(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

int listen(std::uint16_t& port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener, backlog) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::perror("pingpong: listen");
    return -1;
  }
  port = ntohs(address.sin_port);
  return listener;
}

int dial(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  if (socket < 0) return -1;
  const auto address = loopback(port);
  tune(socket);
  if (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
  close(socket);
  return -1;
}

bool receive(int socket, message& into, std::size_t have) {
  while (have < into.size()) {
    const auto n = recv(socket, into.data() + have, into.size() - have, 0);
    if (n == 0) errno = 0;
    if (n <= 0) return false;
    have += static_cast<std::size_t>(n);
  }
  return true;
}

bool send_all(int socket, const char* from, std::size_t size) {
  while (size > 0) {
    const auto n = send(socket, from, size, MSG_NOSIGNAL);
    if (n <= 0) return false;
    from += n;
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

std::int64_t drain(int socket) {
  std::vector<char> buffer(1 << 18);
  std::int64_t all = 0;
  while (true) {
    const auto n = recv(socket, buffer.data(), buffer.size(), 0);
    if (n <= 0) return n == 0 ? all : -1;
    all += n;
  }
}

}  // namespace tcp
