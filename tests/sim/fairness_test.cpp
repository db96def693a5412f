#include "scenario.hpp"

#include <iostream>
#include <vector>

namespace gof::test {
namespace {

constexpr std::uint64_t mebibyte = 1 << 20;

/// What other pairs at a relay lose to one that is slow, stopped or greedy: the same run with it and without.
/// Each guest has a server of its own; all are connected to one relay.
class junction {
 public:
  explicit junction(std::uint64_t seed) : w_(seed), record_(w_), said_(w_) {
    relay_ = &w_.add_member("relay");
  }

  struct pair {
    host* server;
    host* guest;
    wire::ticket ticket;
    std::vector<conversation*> talks;
    std::uint64_t before = 0;
  };

  /// With cables of this many bits per second in each direction.
  std::size_t add_pair(double to_server, double to_guest) {
    const auto n = pairs_.size();
    auto& server = w_.add_member("server" + std::to_string(n + 1));
    auto& guest = w_.add_guest("guest" + std::to_string(n + 1));
    connect(server, to_server);
    w_.join(server, *relay_);
    connect(guest, to_guest);
    add(server, guest);
    return n;
  }
  /// Adds a guest to a pair's server; both guests share the server's cable.
  std::size_t add_guest_of(std::size_t of, double to_guest) {
    auto& guest = w_.add_guest("guest" + std::to_string(pairs_.size() + 1));
    connect(guest, to_guest);
    add(*pairs_[of].server, guest);
    return pairs_.size() - 1;
  }
  void come_up() {
    const bool up = w_.run(5s, [&] {
      for (const auto& p : pairs_)
        if (p.guest->count<core::session_up>() == 0) return false;
      return true;
    });
    ASSERT_TRUE(up);
  }
  conversation& begin(std::size_t of, bool up, bool down) {
    auto& p = pairs_[of];
    const std::uint64_t much = 512 * mebibyte;
    auto& c = said_.open(*p.guest, p.server->node().peer(), {up ? much : 0, down ? much : 0});
    p.talks.push_back(&c);
    return c;
  }
  /// Megabits per second of each pair over `time`, after all have begun.
  std::vector<double> measure(duration time) {
    w_.run(2s);  // windows grow
    for (auto& p : pairs_) p.before = received(p);
    w_.run(time, [&] {
      most_held_ = std::max(most_held_, relay_->node().held_bytes());
      return false;
    });
    std::vector<double> rates;
    for (const auto& p : pairs_)
      rates.push_back(static_cast<double>(received(p) - p.before) * 8e-6 /
                      std::chrono::duration<double>(time).count());
    return rates;
  }
  traffic& said() { return said_; }
  std::size_t most_held() const { return most_held_; }
  world& in() { return w_; }

 private:
  world w_;
  trace record_;
  traffic said_;
  host* relay_;
  std::vector<pair> pairs_;
  std::size_t most_held_ = 0;

  void connect(host& h, double bits_per_second) {
    auto& line = w_.between(*relay_, h);
    line.delay = 2ms;
    line.bits_per_second = bits_per_second;
    line.buffer = 256 * 1024;  // little unsent data waits in the system
  }
  void add(host& server, host& guest) {
    pair p{&server, &guest, w_.ticket(server, {"web"}, static_cast<std::uint8_t>(pairs_.size() + 1)), {}};
    p.ticket.addresses = {{relay_->name(), relay_->port()}};
    said_.serve(server);
    said_.serve(guest);
    said_.allow(server, p.ticket);
    EXPECT_FALSE(guest.node().add_ticket(w_.now(), p.ticket));
    w_.kick(guest);
    pairs_.push_back(std::move(p));
  }
  static std::uint64_t received(const pair& p) {
    std::uint64_t all = 0;
    for (const auto* c : p.talks) all += c->asker.received + c->answerer.received;
    return all;
  }
};

struct Fairness : ::testing::TestWithParam<int> {
  static std::uint64_t seed() { return static_cast<std::uint64_t>(GetParam()); }

  static void tell(const char* what, const std::vector<double>& rates) {
    std::cout << "seed " << seed() << ", " << what << ":";
    for (const auto r : rates) std::cout << ' ' << r;
    std::cout << " Mbit/s\n";
  }
};

/// The rates of four pairs of 100 Mbit/s, of which the first is slow, stopped or the same.
std::vector<double> with_first(std::uint64_t seed, double its_megabits, bool stops, std::size_t& held) {
  junction j(seed);
  const auto first = j.add_pair(100e6, its_megabits * 1e6);
  for (int i = 0; i < 3; ++i) j.add_pair(100e6, 100e6);
  j.come_up();
  for (std::size_t i = 0; i < 4; ++i)
    if (i != first || its_megabits > 0) {
      auto& c = j.begin(i, false, true);
      if (i == first && stops) j.said().stop_reading(c.asker);
    }
  const auto rates = j.measure(2s);
  held = j.most_held();
  return rates;
}

TEST_P(Fairness, stopped_reader_costs_others_nothing) {
  std::size_t held = 0;
  const auto without = with_first(seed(), 100, false, held);
  const auto with = with_first(seed(), 100, true, held);
  tell("all read", without);
  tell("the first has stopped", with);
  EXPECT_EQ(with[0], 0);
  for (std::size_t i = 1; i < 4; ++i) EXPECT_GE(with[i], 0.95 * without[i]);
  EXPECT_LE(held, 8 * mebibyte);
}

TEST_P(Fairness, slow_link_costs_others_nothing) {
  std::size_t held = 0;
  const auto without = with_first(seed(), 100, false, held);
  const auto with = with_first(seed(), 1, false, held);
  tell("all quick", without);
  tell("the first at 1 Mbit/s", with);
  EXPECT_GE(with[0], 0.8) << "Mbit/s";
  for (std::size_t i = 1; i < 4; ++i) EXPECT_GE(with[i], 0.95 * without[i]);
  EXPECT_LE(held, 8 * mebibyte);
}

/// All guests use one server, whose cable is the bottleneck: the first has 8 connections, each of three
/// others has fewer.
TEST_P(Fairness, pair_with_8_connections_gets_no_more_than_others) {
  for (const double line : {20e6, 100e6})
    for (const int others : {1, 4})
      for (const bool up : {true, false}) {
        junction j(seed());
        const auto first = j.add_pair(line, 1000e6);
        for (int i = 0; i < 3; ++i) j.add_guest_of(first, 1000e6);
        j.come_up();
        for (std::size_t i = 0; i < 4; ++i)
          for (int k = 0; k < (i == first ? 8 : others); ++k) j.begin(i, up, !up);
        const auto rates = j.measure(line < 100e6 ? 16s : 4s);  // long enough for many packets of 64 KiB
        tell(up ? "8 beside fewer, to the server" : "8 beside fewer, from the server", rates);
        for (const auto r : rates) EXPECT_NEAR(r, line / 4e6, 0.05 * line / 4e6) << others;
      }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Fairness, ::testing::Range(1, 3));

}  // namespace
}  // namespace gof::test
