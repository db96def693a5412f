// Connections that move much, or nothing.
#include "tcp.hpp"
#include "verbs.hpp"

#include <algorithm>
#include <cstdio>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace pingpong {
namespace {

double since(clock_type::time_point begin) {
  return seconds(clock_type::now() - begin).count();
}

}  // namespace

int bulk(std::uint16_t port) {
  const int socket = tcp::dial(port);
  if (socket < 0) return failed("connect");
  std::thread([socket] {
    wait_for_end_of_input();
    shutdown(socket, SHUT_RDWR);
  }).detach();
  std::vector<char> piece(1 << 17);
  piece[0] = tcp::take_all;
  const auto begin = clock_type::now();
  double bytes = 0;
  while (true) {
    const auto n = send(socket, piece.data(), piece.size(), MSG_NOSIGNAL);
    if (n <= 0) break;
    bytes += static_cast<double>(n);
  }
  std::printf("{\"bytes\": %.0f, \"seconds\": %.6f}\n", bytes, since(begin));
  return 0;
}

int hold(std::uint16_t port, unsigned count) {
  const auto begin = clock_type::now();
  std::vector<int> sockets(count);
  tcp::message text{};
  for (auto& socket : sockets) {
    socket = tcp::dial(port);
    if (socket < 0 || !tcp::send_all(socket, text.data(), text.size())) return failed("connect");
  }
  for (const int socket : sockets)
    if (!tcp::receive(socket, text)) return failed("a connection");
  std::printf("{\"seconds\": %.6f}\n", since(begin));
  std::fflush(stdout);
  wait_for_end_of_input();
  return 0;
}

int up(std::uint16_t port, std::size_t bytes) {
  const auto begin = clock_type::now();
  const int socket = tcp::dial(port);
  std::vector<char> all(std::max<std::size_t>(bytes, 1));
  all[0] = tcp::take_all;
  if (socket < 0 || !tcp::send_all(socket, all.data(), all.size()) || shutdown(socket, SHUT_WR) != 0 ||
      tcp::drain(socket) != 0)
    return failed("a connection");
  std::printf("{\"seconds\": %.6f}\n", since(begin));
  return 0;
}

int down(std::uint16_t port, std::size_t bytes) {
  const auto begin = clock_type::now();
  const int socket = tcp::dial(port);
  tcp::message asked{tcp::give};
  std::snprintf(asked.data() + 1, asked.size() - 1, "%zu", bytes);
  if (socket < 0 || !tcp::send_all(socket, asked.data(), asked.size()) ||
      tcp::drain(socket) != static_cast<std::int64_t>(bytes))
    return failed("a connection");
  std::printf("{\"seconds\": %.6f}\n", since(begin));
  return 0;
}

}  // namespace pingpong
