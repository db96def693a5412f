// Opens connections to a port as fast as the machine can, or at a rate: connect, read the greeting, send a
// HELLO with a wrong key (every second time) or nothing, close. Or it just accepts such connections, to show
// what they cost without gof.
//
//   openings knock ADDRESS PORT RATE SECONDS FROM...     prints: opened N greeted N failed N
//   openings take ADDRESS PORT                           prints: ready
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

using steady = std::chrono::steady_clock;
constexpr std::size_t most_open = 400;
constexpr std::size_t greeting_size = 18;

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

sockaddr_in place(const char* address, int port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(static_cast<std::uint16_t>(port));
  if (inet_pton(AF_INET, address, &at.sin_addr) != 1) fail(address);
  return at;
}

void close_hard(int fd) {
  const linger now{1, 0};  // no TIME-WAIT, which would use up the ports
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(fd);
}

int knock(int count, char** words) {
  if (count < 7) return 2;
  const auto to = place(words[2], std::atoi(words[3]));
  const double rate = std::atof(words[4]);
  const auto begun = steady::now();
  const auto end = begun + std::chrono::duration<double>(std::atof(words[5]));
  std::vector<sockaddr_in> from;
  for (int i = 6; i < count; ++i) from.push_back(place(words[i], 0));
  const int poll = epoll_create1(0);
  std::size_t opened = 0, greeted = 0, failed = 0, open = 0;
  std::array<std::uint8_t, greeting_size> hello{1, 0};
  std::array<std::uint8_t, 64> heard{};
  for (auto now = begun; now < end || open > 0; now = steady::now()) {
    const auto due = static_cast<std::size_t>(rate * std::chrono::duration<double>(now - begun).count());
    for (; now < end && open < most_open && opened + failed < due;) {
      const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      if (fd < 0) fail("socket");
      const int late = 1;  // the port is chosen at connect, so each pair of addresses has all ports
      setsockopt(fd, IPPROTO_IP, 24 /* IP_BIND_ADDRESS_NO_PORT */, &late, sizeof late);
      const auto& mine = from[(opened + failed) % from.size()];
      epoll_event wanted{EPOLLIN, {}};
      wanted.data.fd = fd;
      if (bind(fd, reinterpret_cast<const sockaddr*>(&mine), sizeof mine) != 0 ||
          (connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 && errno != EINPROGRESS) ||
          epoll_ctl(poll, EPOLL_CTL_ADD, fd, &wanted) != 0) {
        ++failed;
        close(fd);
        break;
      }
      ++opened;
      ++open;
    }
    std::array<epoll_event, 64> ready{};
    const int some = epoll_wait(poll, ready.data(), ready.size(), 1);
    for (int i = 0; i < some; ++i) {
      const int fd = ready[static_cast<std::size_t>(i)].data.fd;
      if (recv(fd, heard.data(), heard.size(), 0) >= static_cast<ssize_t>(greeting_size) &&
          ++greeted % 2 == 0)
        (void)send(fd, hello.data(), hello.size(), MSG_NOSIGNAL);
      close_hard(fd);
      --open;
    }
    if (now > end + std::chrono::seconds(2)) break;
  }
  std::printf("opened %zu greeted %zu failed %zu\n", opened, greeted, failed);
  return 0;
}

int take(char** words) {
  const auto at = place(words[2], std::atoi(words[3]));
  const int door = socket(AF_INET, SOCK_STREAM, 0);
  const int yes = 1;
  setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(door, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 || listen(door, 4096) != 0)
    fail("listen");
  std::puts("ready");
  std::fflush(stdout);
  const std::array<std::uint8_t, greeting_size> greeting{1, 1};
  for (;;) {
    const int fd = accept(door, nullptr, nullptr);
    if (fd < 0) continue;
    (void)send(fd, greeting.data(), greeting.size(), MSG_NOSIGNAL);
    std::array<std::uint8_t, 64> heard{};
    (void)recv(fd, heard.data(), heard.size(), MSG_DONTWAIT);
    close(fd);
  }
}

}  // namespace

int main(int count, char** words) {
  if (count > 1 && std::strcmp(words[1], "knock") == 0) return knock(count, words);
  if (count == 4 && std::strcmp(words[1], "take") == 0) return take(words);
  return 2;
}
