// Small questions and answers over TCP, and connections with one question each.
//
//   pingpong serve
//       Prints a free port of 127.0.0.1, and answers there until its standard input ends.
//   pingpong ask PORT SECONDS
//       Asks one question at a time on one connection. Prints {"count":..,"p50_us":..,"p99_us":..}, where
//       `count` includes the warm-up, which is not timed.
//   pingpong connect PORT SECONDS AT_ONCE
//       Opens connections with one question each, AT_ONCE at a time. Each lasts until the other side has
//       ended it, too. Prints {"count":..,"seconds":..}.
#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;
constexpr std::size_t message_size = 64;           // bytes; a keystroke or a small query with its headers
constexpr std::chrono::milliseconds warm_up{200};  // until caches, windows and the processor's clock settle
constexpr std::chrono::seconds patience{10};       // a socket that is silent for longer counts as failed
using message = std::array<char, message_size>;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void tune(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const timeval wait{.tv_sec = patience.count(), .tv_usec = 0};
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
}

bool receive(int socket, message& into) {
  std::size_t have = 0;
  while (have < into.size()) {
    const auto n = recv(socket, into.data() + have, into.size() - have, 0);
    if (n <= 0) return false;
    have += static_cast<std::size_t>(n);
  }
  return true;
}

bool send_all(int socket, const message& from) {
  return send(socket, from.data(), from.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(from.size());
}

void answer(int socket) {
  tune(socket);
  message text;
  while (receive(socket, text) && send_all(socket, text)) {
  }
  close(socket);
}

int serve() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener, 1024) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::perror("pingpong: listen");
    return 1;
  }
  std::printf("%u\n", static_cast<unsigned>(ntohs(address.sin_port)));
  std::fflush(stdout);
  std::thread([listener] {
    while (true) {
      const int socket = accept(listener, nullptr, nullptr);
      if (socket >= 0) std::thread(answer, socket).detach();
    }
  }).detach();
  char byte = 0;
  while (read(STDIN_FILENO, &byte, 1) > 0) {
  }
  _exit(0);
}

std::optional<std::vector<double>> ask_for(int socket, std::chrono::duration<double> how_long,
                                           std::size_t& count) {
  std::vector<double> times;
  message text{};
  const auto begin = clock_type::now();
  for (auto now = begin; now - begin < warm_up + how_long;) {
    if (!send_all(socket, text) || !receive(socket, text)) return std::nullopt;
    ++count;
    const auto then = std::exchange(now, clock_type::now());
    if (then - begin >= warm_up)
      times.push_back(std::chrono::duration<double, std::micro>(now - then).count());
  }
  if (times.empty()) return std::nullopt;
  return times;
}

int ask(std::uint16_t port, double seconds) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  const auto address = loopback(port);
  tune(socket);
  if (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    std::perror("pingpong: connect");
    return 1;
  }
  std::size_t asked = 0;
  auto times = ask_for(socket, std::chrono::duration<double>(seconds), asked);
  close(socket);
  if (!times) {
    std::fputs("pingpong: the connection failed\n", stderr);
    return 1;
  }
  std::sort(times->begin(), times->end());
  const auto at = [&](double share) {
    return (*times)[static_cast<std::size_t>(share * static_cast<double>(times->size() - 1))];
  };
  std::printf("{\"count\": %zu, \"p50_us\": %.1f, \"p99_us\": %.1f}\n", asked, at(0.5), at(0.99));
  return 0;
}

/// From connect() to the end of both directions.
bool connect_once(const sockaddr_in& address) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  message text{};
  char none = 0;
  tune(socket);
  const bool done = connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                    send_all(socket, text) && receive(socket, text) && shutdown(socket, SHUT_WR) == 0 &&
                    recv(socket, &none, 1, 0) == 0;
  close(socket);
  return done;
}

int connect_for(std::uint16_t port, double seconds, unsigned at_once) {
  const auto address = loopback(port);
  const auto begin = clock_type::now();
  const auto until =
      begin + std::chrono::duration_cast<clock_type::duration>(std::chrono::duration<double>(seconds));
  std::atomic<std::size_t> count = 0;
  std::atomic<bool> failed = false;
  std::vector<std::thread> clients;
  for (unsigned i = 0; i < at_once; ++i)
    clients.emplace_back([&] {
      while (!failed && clock_type::now() < until) {
        if (!connect_once(address)) failed = true;
        ++count;
      }
    });
  for (auto& client : clients) client.join();
  if (failed) {
    std::fputs("pingpong: a connection failed\n", stderr);
    return 1;
  }
  const std::chrono::duration<double> took = clock_type::now() - begin;
  std::printf("{\"count\": %zu, \"seconds\": %.6f}\n", count.load(), took.count());
  return 0;
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string_view> args(words + 1, words + count);
  if (args.size() == 1 && args[0] == "serve") return serve();
  if (args.size() == 3 && args[0] == "ask") {
    const auto port = number<std::uint16_t>(args[1]);
    const auto seconds = number<double>(args[2]);
    if (port && seconds) return ask(*port, *seconds);
  }
  if (args.size() == 4 && args[0] == "connect") {
    const auto port = number<std::uint16_t>(args[1]);
    const auto seconds = number<double>(args[2]);
    const auto at_once = number<unsigned>(args[3]);
    if (port && seconds && at_once && *at_once > 0) return connect_for(*port, *seconds, *at_once);
  }
  std::fputs("usage: pingpong serve | pingpong ask PORT SECONDS | pingpong connect PORT SECONDS AT_ONCE\n",
             stderr);
  return 2;
}
