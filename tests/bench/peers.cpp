// What the lists for people cost a node of a large mesh:
//     peers [--judge] [NODES [LINKS-EACH]]
// Of `gof peers` and of what a shell completes with: the processor time of the whole answer, and of the
// longest slice of it, which is how long the loop does nothing else. Also what it costs that the mesh
// changes. With
// --judge it ends with 1 if an answer takes more than 50 ms or a slice more than 5 ms.

#include "base/hex.hpp"
#include "control/lists.hpp"
#include "control/slices.hpp"
#include "net/values.hpp"
#include "support/speaker.hpp"
#include "unit/mesh/signing.hpp"
#include "wire/link_control.hpp"
#include "wire/record_frame.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <vector>

namespace {

using namespace gof;
using core::author;

const secure::secret32 network_key{bytes(32, 7)};

double milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// A neighbour of the node, whose records it tells as well.
class neighbour : public test::speaker {
 public:
  explicit neighbour(random_source& random) : speaker(network_key, random) {}

  author signs() {
    author made(random());
    made.self = self();
    made.instance = instance();
    return made;
  }
  link_id here{};   ///< its number of the link
  link_id there{};  ///< the node's

 private:
  void handle_up(instant, link_id link, const core::link::up&) override {
    send(link, wire::frame_type::label, wire::label{4711}.encode());
  }
};

/// A node, and the mesh that it hears of.
class mesh_of {
  test::seeded_random random_{1};
  sctp::stack stack_;

 public:
  mesh_of(std::size_t nodes, std::size_t links_each) {
    for (std::size_t i = 0; i < std::min(links_each, nodes); ++i) {
      near_.push_back(std::make_unique<neighbour>(random_));
      all_.push_back({near_.back()->signs(), {true, {}}, 0});
    }
    while (all_.size() < nodes) all_.push_back({author(random_), {true, {}}, 0});
    for (std::size_t i = 1; i < nodes; ++i)
      for (std::size_t l = 0; l < (links_each + 1) / 2; ++l) link(i, random_.number() % i);
    for (auto& one : near_) connect(*one);
    for (std::size_t i = 0; i < near_.size(); ++i) says(i, node.id());
    for (std::size_t i = 0; i < nodes; ++i) {
      wire::record_profile profile;
      profile.name = "host-" + std::to_string(i);
      profile.services = {"ssh", "web"};
      tell(i, all_[i].who.links(++all_[i].seq, all_[i].says));
      tell(i, all_[i].who.profile(1, profile));
    }
    pass(1s);
  }

  core::node node{{secure::identity::generate(random_), network_key, "here"}, stack_, random_};

  /// One node finds one of its links slower. What the node's own time for it is.
  double change(std::size_t number) {
    auto& its = all_[number];
    its.says.links[its.says.links.size() / 2].quality.round_trip = ++slowest_;
    pass(1s);
    const auto before = spent_;
    tell(number, its.who.links(++its.seq, its.says));
    return spent_ - before;
  }
  /// A link of its own ends, and with it the ways to many.
  double lose() {
    pass(1s);
    const auto before = spent_;
    const auto link = near_.back()->there;
    near_.pop_back();
    timed([&] { node.handle_closed(now_, link, "reset"); });
    pass(1s);
    return spent_ - before;
  }

 private:
  struct other {
    author who;
    wire::record_links says;
    std::uint64_t seq;
  };
  std::vector<std::unique_ptr<neighbour>> near_;
  std::vector<other> all_;  ///< the neighbours first
  instant now_{100s};
  std::size_t turn_ = 0;
  std::uint8_t slowest_ = 100;  ///< code of a round trip
  double spent_ = 0;            ///< by the node

  void says(std::size_t from, const node_id& to) {
    auto& links = all_[from].says.links;
    const auto quality = static_cast<std::uint8_t>(64 + random_.number() % 16);
    const wire::record_link made{
        to, static_cast<std::uint16_t>(1 + random_.number() % 60'000), {quality, 0, 0}};
    if (links.size() < wire::record_links::most_links && !all_[from].says.to(to))
      links.insert(std::lower_bound(links.begin(), links.end(), made), made);
  }
  void link(std::size_t one, std::size_t another) {
    says(one, all_[another].who.node());
    says(another, all_[one].who.node());
  }
  void connect(neighbour& with) {
    with.here = with.dial_as_member({"here", 1});
    while (with.poll_event()) {
    }
    with.there = *node.accept_link(now_, "127.0.0." + std::to_string(near_.size()));
    with.handle_connected(now_, with.here);
    for (int i = 0; i < 4; ++i) exchange();
  }
  /// Each link in its turn, so that none is over its budget of signatures.
  void tell(std::size_t, const bytes& record) {
    auto& by = *near_[turn_++ % near_.size()];
    by.send(by.here, wire::frame_type::record, wire::record_frame{600, record}.encode());
    pass(duration(6ms) / near_.size());
  }
  void pass(duration time) {
    now_ += time;
    if (const auto due = node.poll_timeout(); due && *due <= now_) timed([&] { node.handle_timeout(now_); });
    for (auto& one : near_)
      if (const auto due = one->poll_timeout(); due && *due <= now_) one->handle_timeout(now_);
    exchange();
  }
  template <class Function>
  void timed(Function&& call) {
    const auto before = milliseconds();
    call();
    spent_ += milliseconds() - before;
  }
  void exchange() {
    for (auto& one : near_) {
      if (one->there == link_id{}) continue;  // not connected yet
      for (auto out = one->poll_transmit(now_, one->here); !out.empty();
           out = one->poll_transmit(now_, one->here))
        timed([&] { node.handle_bytes(now_, one->there, out); });
    }
    for (bool again = true; again;) {
      again = false;
      while (node.poll_event()) again = true;
      while (const auto ready = node.poll_ready()) {
        again = true;
        const auto to =
            std::find_if(near_.begin(), near_.end(), [&](const auto& n) { return n->there == *ready; });
        for (auto out = node.poll_transmit(now_, *ready); !out.empty();
             out = node.poll_transmit(now_, *ready))
          if (to != near_.end()) (*to)->handle_bytes(now_, (*to)->here, out);
      }
    }
  }
};

struct cost {
  double all = 0;
  double longest = 0;
  std::size_t nodes = 0;
  std::size_t size = 0;
};

template <class Answer>
cost cost_of(const core::node& node) {
  boost::asio::io_context io;
  const auto owner = std::make_shared<int>(0);
  Answer answer;
  cost made;
  const auto slice = [&](auto&& call) {
    const auto before = milliseconds();
    call();
    const auto time = milliseconds() - before;
    made.all += time;
    made.longest = std::max(made.longest, time);
  };
  const auto known = [&](const std::string& after, std::size_t most) {
    std::vector<known_node> some;
    for (const auto& one : node.known(net::node_from(after), most)) some.push_back(net::known_of(one));
    return some;
  };
  const auto look = [&](const known_node& one) {
    answer.add(one);
    ++made.nodes;
  };
  slice([&] {
    control::each_known(io.get_executor(), owner, known, look, [&] { made.size = answer.line().size(); });
  });
  while (!io.stopped()) slice([&] { io.run_one(); });
  return made;
}

/// The median of some.
template <class Answer>
cost tell(const char* what, const core::node& node) {
  std::vector<cost> all;
  for (int i = 0; i < 7; ++i) all.push_back(cost_of<Answer>(node));
  std::sort(all.begin(), all.end(), [](const auto& one, const auto& other) { return one.all < other.all; });
  auto median = all[all.size() / 2];
  std::sort(all.begin(), all.end(),
            [](const auto& one, const auto& other) { return one.longest < other.longest; });
  median.longest = all[all.size() / 2].longest;
  std::printf("%-8s%8zu nodes%10zu KiB%10.2f ms, longest slice%8.2f ms\n", what, median.nodes,
              median.size / 1024, median.all, median.longest);
  return median;
}

}  // namespace

int main(int argc, char** argv) {
  const bool judges = argc > 1 && std::strcmp(argv[1], "--judge") == 0;
  const auto number = [&](int at, std::size_t usual) {
    at += judges ? 1 : 0;
    return at < argc ? std::strtoul(argv[at], nullptr, 10) : usual;
  };
  mesh_of world(number(1, 4'000), number(2, 8));
  const auto peers = tell<control::peers_answer>("peers", world.node);
  const auto names = tell<control::names_answer>("names", world.node);
  std::vector<double> changes;
  for (std::size_t i = 1; i <= 51; ++i) changes.push_back(world.change(peers.nodes - i));
  std::sort(changes.begin(), changes.end());
  std::printf("a changed record: %.3f ms, at most %.3f ms\n", changes[changes.size() / 2], changes.back());
  std::printf("a lost link: %.2f ms\n", world.lose());
  if (!judges) return 0;
  return std::max(peers.all, names.all) > 50 || std::max(peers.longest, names.longest) > 5 ? 1 : 0;
}
