// The server: one thread echoes for all connections, so that it costs little beside what is measured. A
// connection that moves much gets a thread of its own.
#include "tcp.hpp"
#include "verbs.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <span>
#include <sys/epoll.h>
#include <thread>
#include <unistd.h>
#include <unordered_set>
#include <vector>

namespace pingpong {
namespace {

void take(int socket) {
  tcp::drain(socket);
  close(socket);
}

/// `head` has what came of the message that says how much.
void give(int socket, std::vector<char> head) {
  tcp::message asked{};
  std::copy(head.begin(), head.end(), asked.begin());
  std::size_t left = 0;
  if (tcp::receive(socket, asked, head.size()) &&
      std::from_chars(asked.data() + 1, asked.data() + asked.size(), left).ec == std::errc{}) {
    const std::vector<char> piece(1 << 17);
    while (left > 0) {
      const auto now = std::min(left, piece.size());
      if (!tcp::send_all(socket, piece.data(), now)) break;
      left -= now;
    }
  }
  close(socket);
}

class server {
 public:
  explicit server(int listener) : listener_(listener) { watch(listener); }

  [[noreturn]] void run() {
    std::array<epoll_event, 256> ready{};
    while (true) {
      const int count = epoll_wait(events_, ready.data(), ready.size(), -1);
      for (int i = 0; i < count; ++i) {
        const int socket = ready[static_cast<std::size_t>(i)].data.fd;
        if (socket == listener_) {
          accept_all();
        } else {
          answer(socket);
        }
      }
    }
  }

 private:
  void watch(int socket) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = socket;
    epoll_ctl(events_, EPOLL_CTL_ADD, socket, &event);
  }

  void accept_all() {
    while (true) {
      const int socket = accept(listener_, nullptr, nullptr);
      if (socket < 0) return;
      tcp::tune(socket);
      fresh_.insert(socket);
      watch(socket);
    }
  }

  void answer(int socket) {
    const auto n = recv(socket, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) return;
    const bool first = fresh_.erase(socket) > 0;
    if (n <= 0) {
      close(socket);
      return;
    }
    const std::span came(buffer_.data(), static_cast<std::size_t>(n));
    if (first && (came[0] == tcp::take_all || came[0] == tcp::give)) {
      epoll_ctl(events_, EPOLL_CTL_DEL, socket, nullptr);
      if (came[0] == tcp::take_all) {
        std::thread(take, socket).detach();
      } else {
        const auto head = came.first(std::min(came.size(), tcp::message_size));
        std::thread(give, socket, std::vector(head.begin(), head.end())).detach();
      }
      return;
    }
    if (!tcp::send_all(socket, came.data(), came.size())) close(socket);
  }

  int listener_;
  int events_ = epoll_create1(0);
  std::unordered_set<int> fresh_;  ///< nothing has come yet
  std::array<char, 1 << 16> buffer_{};
};

}  // namespace

int serve() {
  std::uint16_t port = 0;
  const int listener = tcp::listen(port);
  if (listener < 0) return 1;
  std::printf("%u\n", static_cast<unsigned>(port));
  std::fflush(stdout);
  std::thread([listener] { server(listener).run(); }).detach();
  wait_for_end_of_input();
  _exit(0);
}

}  // namespace pingpong
