// Questions, one at a time on each connection, and connections with one question each.
#include "tcp.hpp"
#include "verbs.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <sys/epoll.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace pingpong {
namespace {

constexpr std::chrono::milliseconds warm_up{200};  // until caches, windows and the processor's clock settle
constexpr int patience = 30'000;                   // ms without any answer
const tcp::message question{};

/// What came back: all answers, and the times of those after the warm-up, in microseconds.
struct answers {
  std::size_t count = 0;
  std::vector<double> times;

  /// Whether to go on asking. On a busy machine the first answer may come late.
  bool wanted(seconds passed, seconds how_long) const { return passed < warm_up + how_long || times.empty(); }
  void add(clock_type::time_point begin, clock_type::time_point asked, clock_type::time_point now) {
    ++count;
    if (asked - begin >= warm_up)
      times.push_back(std::chrono::duration<double, std::micro>(now - asked).count());
  }
};

std::optional<answers> ask_one(int socket, seconds how_long) {
  answers all;
  tcp::message text{};
  const auto begin = clock_type::now();
  for (auto now = begin; all.wanted(now - begin, how_long);) {
    if (!tcp::send_all(socket, question.data(), question.size()) || !tcp::receive(socket, text))
      return std::nullopt;
    const auto asked = std::exchange(now, clock_type::now());
    all.add(begin, asked, now);
  }
  return all;
}

/// One thread asks on all sockets, so that the client costs little beside what is measured.
std::optional<answers> ask_many(const std::vector<int>& sockets, seconds how_long) {
  struct asker {
    std::size_t have = 0;
    clock_type::time_point asked{};
  };
  std::vector<asker> askers(sockets.size());
  const int events = epoll_create1(0);
  const auto begin = clock_type::now();
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    epoll_ctl(events, EPOLL_CTL_ADD, sockets[i], &event);
    askers[i].asked = clock_type::now();
    if (!tcp::send_all(sockets[i], question.data(), question.size())) return std::nullopt;
  }
  answers all;
  std::array<epoll_event, 256> ready{};
  tcp::message text{};
  while (all.wanted(clock_type::now() - begin, how_long)) {
    const int count = epoll_wait(events, ready.data(), ready.size(), patience);
    if (count == 0) errno = EAGAIN;
    if (count <= 0) return std::nullopt;
    for (int at = 0; at < count; ++at) {
      const auto i = ready[static_cast<std::size_t>(at)].data.u64;
      auto& one = askers[i];
      const auto n = recv(sockets[i], text.data(), text.size() - one.have, MSG_DONTWAIT);
      if (n == 0) errno = 0;
      if (n <= 0) return std::nullopt;
      one.have += static_cast<std::size_t>(n);
      if (one.have < text.size()) continue;
      const auto now = clock_type::now();
      all.add(begin, one.asked, now);
      one = {.have = 0, .asked = now};
      if (!tcp::send_all(sockets[i], question.data(), question.size())) return std::nullopt;
    }
  }
  close(events);
  return all;
}

/// From connect() to the end of both directions.
bool connect_once(std::uint16_t port) {
  const int socket = tcp::dial(port);
  if (socket < 0) return false;
  tcp::message text{};
  char none = 0;
  const bool done = tcp::send_all(socket, question.data(), question.size()) && tcp::receive(socket, text) &&
                    shutdown(socket, SHUT_WR) == 0 && recv(socket, &none, 1, 0) == 0;
  const int why = errno;
  close(socket);
  errno = why;
  return done;
}

}  // namespace

int ask(std::uint16_t port, seconds how_long, unsigned at_once) {
  std::vector<int> sockets(at_once);
  for (auto& socket : sockets)
    if ((socket = tcp::dial(port)) < 0) return failed("connect");
  auto all = at_once == 1 ? ask_one(sockets[0], how_long) : ask_many(sockets, how_long);
  if (!all) return failed("a connection");
  std::sort(all->times.begin(), all->times.end());
  const auto at = [&](double share) {
    return all->times[static_cast<std::size_t>(share * static_cast<double>(all->times.size() - 1))];
  };
  std::printf("{\"count\": %zu, \"rate\": %.1f, \"p50_us\": %.1f, \"p99_us\": %.1f}\n", all->count,
              static_cast<double>(all->times.size()) / how_long.count(), at(0.5), at(0.99));
  return 0;
}

int connect(std::uint16_t port, seconds how_long, unsigned at_once) {
  const auto begin = clock_type::now();
  std::atomic<std::size_t> count = 0;
  std::atomic<bool> broken = false;
  std::atomic<int> why = 0;
  std::vector<std::thread> clients;
  for (unsigned i = 0; i < at_once; ++i)
    clients.emplace_back([&] {
      while (!broken && clock_type::now() - begin < how_long) {
        if (!connect_once(port)) {
          why = errno;
          broken = true;
        }
        ++count;
      }
    });
  for (auto& client : clients) client.join();
  errno = why;
  if (broken) return failed("a connection");
  std::printf("{\"count\": %zu, \"seconds\": %.6f}\n", count.load(),
              seconds(clock_type::now() - begin).count());
  return 0;
}

}  // namespace pingpong
