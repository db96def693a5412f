#include "doors.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <cstring>
#include <filesystem>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gof::dial {
namespace {

sockaddr_in place(const std::string& address, std::uint16_t port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  ::inet_pton(AF_INET, address.c_str(), &at.sin_addr);
  return at;
}

/// Binds `handle` and returns the port.
std::uint16_t bind(int handle, const std::string& address, std::uint16_t port) {
  auto at = place(address, port);
  const int on = 1;
  ::setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  EXPECT_EQ(::bind(handle, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0) << std::strerror(errno);
  socklen_t size = sizeof at;
  ::getsockname(handle, reinterpret_cast<sockaddr*>(&at), &size);
  return ntohs(at.sin_port);
}

int make() {
  return ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

}  // namespace

live_door::live_door(const std::string& address, std::uint16_t port)
    : handle_(make()), port_(bind(handle_, address, port)) {
  EXPECT_EQ(::listen(handle_, 100), 0);
}

live_door::~live_door() {
  ::close(handle_);
}

silent_door::silent_door(const std::string& address, std::uint16_t port)
    : handle_(make()), port_(bind(handle_, address, port)) {
  EXPECT_EQ(::listen(handle_, 0), 0);
  // Connects until a connection is no longer accepted.
  for (int i = 0; i < 10; ++i) {
    const auto at = place(address, port_);
    inside_.push_back(make());
    ::connect(inside_.back(), reinterpret_cast<const sockaddr*>(&at), sizeof at);
    pollfd in{inside_.back(), POLLOUT, 0};
    if (::poll(&in, 1, 100) == 0) return;
  }
  ADD_FAILURE() << "the queue never filled";
}

silent_door::~silent_door() {
  for (const int one : inside_) ::close(one);
  ::close(handle_);
}

closed_door::closed_door(const std::string& address, std::uint16_t port)
    : handle_(make()), port_(bind(handle_, address, port)) {}

closed_door::~closed_door() {
  ::close(handle_);
}

std::size_t sockets_connecting() {
  std::size_t count = 0;
  for (const auto& one : std::filesystem::directory_iterator("/proc/self/fd")) {
    tcp_info what{};
    socklen_t size = sizeof what;
    const int handle = std::stoi(one.path().filename());
    if (::getsockopt(handle, IPPROTO_TCP, TCP_INFO, &what, &size) == 0 && what.tcpi_state == TCP_SYN_SENT)
      ++count;
  }
  return count;
}

}  // namespace gof::dial
