#include "actor_shell.hpp"

#include "net/clock.hpp"
#include "support/tcp_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gof::test {
actor_shell::~actor_shell() {
  for (const auto& [link, its] : sockets_) close(its.fd);
  if (listener_ >= 0) close(listener_);
}

void actor_shell::listen(const wire::address& at) {
  listener_ = tcp_socket(SOCK_NONBLOCK);
  const auto where = place(at.host, at.port);
  if (bind(listener_, plain(where), sizeof where) != 0 || ::listen(listener_, 128) != 0) fail("listen");
}

bool actor_shell::run(duration time, const std::function<bool()>& done) {
  const auto end = net::clock_now() + time;
  for (;;) {
    work();
    if (done()) return true;
    if (net::clock_now() >= end) return false;
    wait(end);
  }
}

void actor_shell::work() {
  const auto now = net::clock_now();
  if (const auto due = actor_.poll_timeout(); due && *due <= now) actor_.handle_timeout(now);
  bool again = true;
  while (again) {
    again = actor_.poll_more();
    while (const auto e = actor_.poll_event()) {
      again = true;
      if (const auto* d = std::get_if<core::dial_wanted>(&*e)) dial(*d);
      if (const auto* c = std::get_if<core::close_wanted>(&*e)) {
        write(c->link);
        if (const auto its = sockets_.find(c->link); its != sockets_.end()) its->second.over = true;
      }
    }
    std::vector<link_id> all;
    for (const auto& [link, its] : sockets_) all.push_back(link);
    for (const auto link : all) write(link);
  }
}

void actor_shell::dial(const core::dial_wanted& wanted) {
  socket made;
  made.fd = tcp_socket(SOCK_NONBLOCK);
  made.connecting = true;
  if (!sources_.empty()) bind_to(made.fd, sources_[next_source_++ % sources_.size()]);
  const auto to = place(wanted.to.host, wanted.to.port);
  if (connect(made.fd, plain(to), sizeof to) != 0 && errno != EINPROGRESS) {
    close(made.fd);
    return actor_.handle_dial_failed(net::clock_now(), wanted.link, std::strerror(errno));
  }
  sockets_[wanted.link] = std::move(made);
}

void actor_shell::accept() {
  sockaddr_in from{};
  socklen_t size = sizeof from;
  const int fd = accept4(listener_, reinterpret_cast<sockaddr*>(&from), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return;
  char text[INET_ADDRSTRLEN] = "";
  inet_ntop(AF_INET, &from.sin_addr, text, sizeof text);
  if (const auto link = actor_.accept_link(net::clock_now(), text)) {
    sockets_[*link].fd = fd;
  } else {
    close(fd);
  }
}

void actor_shell::read(link_id link) {
  bytes into(128 * 1024);
  const auto& its = sockets_.at(link);
  const auto size = recv(its.fd, into.data(), into.size(), 0);
  if (size < 0 && errno == EAGAIN) return;
  if (size > 0) {
    into.resize(static_cast<std::size_t>(size));
    return actor_.handle_bytes(net::clock_now(), link, into);
  }
  const std::string why = size == 0 ? "" : std::strerror(errno);
  drop(link);
  actor_.handle_closed(net::clock_now(), link, why);
}

void actor_shell::write(link_id link) {
  const auto found = sockets_.find(link);
  if (found == sockets_.end() || found->second.connecting) return;
  auto& its = found->second;
  while (true) {
    if (its.out.empty() && !its.over) its.out = actor_.poll_transmit(net::clock_now(), link);
    if (its.out.empty()) break;
    const auto rest = const_bytes(its.out).subspan(its.written);
    const auto size = send(its.fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EAGAIN) break;
    its.written += size < 0 ? rest.size() : static_cast<std::size_t>(size);  // read() gets the reason
    if (its.written < its.out.size()) continue;
    its.out = {};
    its.written = 0;
    if (size < 0) break;
  }
  if (its.over && its.out.empty()) drop(link);
}

void actor_shell::drop(link_id link) {
  close(sockets_.at(link).fd);
  sockets_.erase(link);
}

void actor_shell::read_input() {
  char some[512];
  const auto size = ::read(STDIN_FILENO, some, sizeof some);
  if (size <= 0) {
    input_ended_ = true;
    return;
  }
  line_.append(some, static_cast<std::size_t>(size));
  for (auto end = line_.find('\n'); end != std::string::npos; end = line_.find('\n')) {
    const auto line = line_.substr(0, end);
    line_.erase(0, end + 1);
    if (heard) heard(line);
  }
}

void actor_shell::wait(instant until) {
  if (const auto due = actor_.poll_timeout()) until = std::min(until, *due);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - net::clock_now()).count();
  std::vector<pollfd> all;
  std::vector<link_id> links;
  for (const auto& [link, its] : sockets_) {
    const bool writes = its.connecting || !its.out.empty();
    const int wanted = (its.over ? 0 : POLLIN) | (writes ? POLLOUT : 0);
    all.push_back({its.fd, static_cast<short>(wanted), 0});
    links.push_back(link);
  }
  all.push_back({listener_, POLLIN, 0});
  all.push_back({input_ended_ ? -1 : STDIN_FILENO, POLLIN, 0});
  if (poll(all.data(), all.size(), static_cast<int>(std::clamp<long>(left, 0, 1000))) <= 0) return;
  for (std::size_t i = 0; i < links.size(); ++i) {
    const auto found = sockets_.find(links[i]);
    if (all[i].revents == 0 || found == sockets_.end()) continue;
    if (found->second.connecting) {
      int error = 0;
      socklen_t size = sizeof error;
      getsockopt(all[i].fd, SOL_SOCKET, SO_ERROR, &error, &size);
      found->second.connecting = false;
      if (error == 0) {
        actor_.handle_connected(net::clock_now(), links[i]);
      } else {
        drop(links[i]);
        actor_.handle_dial_failed(net::clock_now(), links[i], std::strerror(error));
      }
    } else if (found->second.over) {
      if ((all[i].revents & (POLLERR | POLLHUP)) != 0) drop(links[i]);
    } else if ((all[i].revents & (POLLIN | POLLERR | POLLHUP)) != 0) {
      read(links[i]);
    }
  }
  if (all[links.size()].revents != 0) accept();
  if (all.back().revents != 0) read_input();
}

}  // namespace gof::test
