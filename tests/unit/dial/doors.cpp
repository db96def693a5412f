#include "doors.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <cstdio>
#include <cstring>
#include <fstream>
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

/// `handle` is bound; gives the port.
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
  // Until one is not let in any more.
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

std::size_t connecting_to(std::uint16_t port) {
  char there[16];
  std::snprintf(there, sizeof there, ":%04X 02 ", port);
  std::ifstream table("/proc/thread-self/net/tcp");
  std::size_t count = 0;
  for (std::string line; std::getline(table, line);)
    if (line.find(there) != std::string::npos) ++count;
  return count;
}

}  // namespace gof::dial
