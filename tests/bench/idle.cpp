// Many idle things that one node can have, made in one process:
//     idle links|sessions TICKET-FILE COUNT    guests with the ticket, each with its own identity and address
//                                              (127.1.x.y)
//     idle streams TICKET-FILE COUNT           streams of one guest, to the service "hold"
// Prints "there" once all are, and runs until its standard input ends. They speak gof's protocol, because
// they are nodes.

#include "base/timer_queue.hpp"
#include "net/clock.hpp"
#include "net/system_random.hpp"
#include "net/ticket_words.hpp"
#include "node/node.hpp"
#include "sctp/stack.hpp"
#include "support/tcp_socket.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using namespace gof;
using test::fail;

/// What is to be many: links of guests; their sessions with the issuer of the ticket; streams of one guest.
enum class what { links, sessions, streams };

/// What a node that holds the ticket opens.
constexpr const char* service = "hold";

core::node_config somebody(net::system_random& random) {
  core::node_config made{secure::identity::generate(random), {}, {}};
  return made;
}

struct guest {
  guest(std::size_t number, sctp::stack& stack, net::system_random& random)
      : source("127.1." + std::to_string(number / 250) + '.' + std::to_string(number % 250 + 1)),
        node(somebody(random), stack, random) {}

  std::string source;
  core::node node;
  struct socket {
    int fd = -1;
    bytes out;
  };
  std::map<link_id, socket> sockets;
  timer_queue<std::size_t>::place timer{};
  bool there = false;
  std::size_t asked = 0;   ///< streams
  std::size_t opened = 0;  ///< of these
};

class crowd {
 public:
  crowd(what of, const wire::ticket& ticket, std::size_t count)
      : of_(of), ticket_(ticket), streams_(of == what::streams ? count : 0) {
    for (std::size_t i = 0; i < (streams_ > 0 ? 1 : count); ++i)
      all_.push_back(std::make_unique<guest>(i, stack_, random_));
  }

  void run() {
    epoll_event input{EPOLLIN, {.u64 = ends}};
    if (epoll_ctl(poll_, EPOLL_CTL_ADD, STDIN_FILENO, &input) != 0) fail("epoll_ctl");
    std::size_t begun = 0;
    for (;;) {
      // A few at a time, because of the caps on new links.
      while (begun < all_.size() && begun < there_ + at_once) {
        all_[begun]->node.add_ticket(net::clock_now(), ticket_);
        work(begun++);
      }
      if (there_ == all_.size() && !std::exchange(told_, true)) std::puts("there"), std::fflush(stdout);
      const auto next = timers_.next();
      const auto wait =
          next ? std::chrono::ceil<std::chrono::milliseconds>(*next - net::clock_now()).count() : 1000;
      epoll_event events[64];
      const int count = epoll_wait(poll_, events, 64, static_cast<int>(std::clamp<long>(wait, 0, 1000)));
      for (int i = 0; i < count; ++i) {
        if (events[i].data.u64 == ends) return;
        handle(events[i].data.u64 >> 32, static_cast<int>(events[i].data.u64 & 0xffffffff));
      }
      const auto now = net::clock_now();
      while (const auto due = timers_.poll(now)) {
        all_[*due]->timer.reset();
        all_[*due]->node.handle_timeout(now);
        work(*due);
      }
    }
  }

 private:
  static constexpr std::uint64_t ends = ~std::uint64_t{0};
  static constexpr std::size_t at_once = 16;

  what of_;
  wire::ticket ticket_;
  net::system_random random_;
  sctp::stack stack_;
  std::vector<std::unique_ptr<guest>> all_;
  timer_queue<std::size_t> timers_;
  int poll_ = epoll_create1(EPOLL_CLOEXEC);
  std::size_t streams_;
  std::size_t there_ = 0;
  bool told_ = false;

  void handle(std::size_t number, int fd) {
    auto& g = *all_[number];
    for (auto& [link, its] : g.sockets) {
      if (its.fd != fd) continue;
      bytes into(64 * 1024);
      const auto size = recv(fd, into.data(), into.size(), MSG_DONTWAIT);
      const auto now = net::clock_now();
      if (size > 0) {
        into.resize(static_cast<std::size_t>(size));
        g.node.handle_bytes(now, link, into);
      } else if (size == 0 || errno != EAGAIN) {
        const auto which = link;
        close(fd);
        g.sockets.erase(which);
        g.node.handle_closed(now, which, size == 0 ? "" : std::strerror(errno));
      }
      break;
    }
    work(number);
  }

  void work(std::size_t number) {
    auto& g = *all_[number];
    for (bool again = true; again;) {
      again = false;
      while (const auto e = g.node.poll_event()) {
        again = true;
        if (const auto* d = std::get_if<core::dial_wanted>(&*e)) dial(number, *d);
        if (const auto* c = std::get_if<core::close_wanted>(&*e)) drop(g, c->link);
        note(g, *e);
      }
      while (const auto link = g.node.poll_ready()) {
        again = true;
        write(g, *link);
      }
    }
    timers_.set(g.timer, number, g.node.poll_timeout());
  }

  void note(guest& g, const core::event& e) {
    const bool links = of_ == what::links;
    if (std::holds_alternative<core::link_up>(e) && links) set(g, true);
    if (std::holds_alternative<core::link_down>(e) && links) set(g, false);
    if (std::holds_alternative<core::session_over>(e)) set(g, false);
    if (std::holds_alternative<core::session_up>(e)) of_ == what::streams ? open_more(g) : set(g, true);
    if (std::holds_alternative<core::stream_accepted>(e)) {
      ++g.opened;
      open_more(g);
    }
    if (const auto* no = std::get_if<core::stream_refused>(&e)) {
      std::fprintf(stderr, "a stream was refused: %s\n", no->text.c_str());
      std::exit(1);
    }
  }

  void open_more(guest& g) {
    for (; g.asked < streams_ && g.asked < g.opened + at_once; ++g.asked)
      g.node.open(net::clock_now(), ticket_.issuer, service);
    set(g, g.opened == streams_);
  }

  void set(guest& g, bool there) {
    if (std::exchange(g.there, there) == there) return;
    there ? ++there_ : --there_;
  }

  void dial(std::size_t number, const core::dial_wanted& wanted) {
    auto& g = *all_[number];
    const int fd = test::tcp_socket();
    test::bind_to(fd, g.source);
    const auto to = test::place(wanted.to.host, wanted.to.port);
    if (connect(fd, test::plain(to), sizeof to) != 0) {
      close(fd);
      return g.node.handle_dial_failed(net::clock_now(), wanted.link, std::strerror(errno));
    }
    epoll_event ready{EPOLLIN, {.u64 = std::uint64_t{number} << 32 | static_cast<std::uint32_t>(fd)}};
    if (epoll_ctl(poll_, EPOLL_CTL_ADD, fd, &ready) != 0) fail("epoll_ctl");
    g.sockets[wanted.link].fd = fd;
    g.node.handle_connected(net::clock_now(), wanted.link);
  }

  void write(guest& g, link_id link) {
    const auto found = g.sockets.find(link);
    if (found == g.sockets.end()) return;
    for (auto out = g.node.poll_transmit(net::clock_now(), link); !out.empty();
         out = g.node.poll_transmit(net::clock_now(), link)) {
      for (std::size_t done = 0; done < out.size();) {  // little is sent, so it may block
        const auto size = send(found->second.fd, out.data() + done, out.size() - done, MSG_NOSIGNAL);
        if (size <= 0) return;
        done += static_cast<std::size_t>(size);
      }
    }
  }

  static void drop(guest& g, link_id link) {
    const auto found = g.sockets.find(link);
    if (found == g.sockets.end()) return;
    close(found->second.fd);
    g.sockets.erase(found);
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::map<std::string, what> kinds{
      {"links", what::links}, {"sessions", what::sessions}, {"streams", what::streams}};
  const auto of = kinds.find(argv[1]);
  if (of == kinds.end()) return 2;
  std::ifstream file(argv[2]);
  std::string text;
  file >> text;
  const auto ticket = wire::ticket::parse(text);
  if (!ticket) {
    std::fprintf(stderr, "%s\n", net::words_of(ticket.error()).what.c_str());
    return 1;
  }
  crowd(of->second, *ticket, static_cast<std::size_t>(std::atoi(argv[3]))).run();
}
