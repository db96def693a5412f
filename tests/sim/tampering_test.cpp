#include "scenario.hpp"
#include "support/tampering_relay.hpp"

#include <algorithm>
#include <iostream>

namespace gof::test {
namespace {

constexpr std::uint64_t mebibyte = 1 << 20;
using manners = tampering_relay::manners;

/// A guest reaches its server through a member that tampers with what it relays; the seed says how.
///   server - evil - gate - client
///   server - honest - gate, if there is another route
struct Tampering : scenario, ::testing::WithParamInterface<int> {
  Tampering() : scenario(seed()) {}

  static std::uint64_t seed() { return static_cast<std::uint64_t>(GetParam()); }
  static constexpr duration survive = 10s;
  /// A small or slightly grown window for each direction, and the control packets that wait.
  static constexpr std::size_t most_held = 4 * mebibyte;

  tampering_relay* evil = nullptr;
  host* evil_host = nullptr;
  host* gate = nullptr;
  host* honest = nullptr;

  void cable_up(host& a, host& b, duration delay) {
    w.between(a, b).delay = delay;
    w.between(a, b).bits_per_second = 50e6;
  }
  void set_up(bool another_way) {
    server = &w.add_member("server", survive);
    gate = &w.add_member("gate");
    auto made = std::make_unique<tampering_relay>(w.network_key(), w.random(), seed() * 7919 + 17);
    evil = made.get();
    evil_host = &w.add_stand_in("evil", std::move(made));
    for (auto* h : {server, gate}) {
      cable_up(*h, *evil_host, 2ms);
      w.join(*h, *evil_host);
    }
    if (another_way) {
      honest = &w.add_member("honest");
      for (auto* h : {server, gate}) {
        cable_up(*h, *honest, 20ms);
        w.join(*h, *honest);
      }
    }
    w.run(12s);  // until round trips are published
    client = &w.add_guest("client", survive);
    cable_up(*client, *gate, 2ms);
    grant = w.ticket(*server, {"web"});
    grant.addresses = {{gate->name(), gate->port()}};
    said.serve(*server);
    said.serve(*client);
    said.allow(*server, grant);
    ASSERT_FALSE(client->node().add_ticket(w.now(), grant));
    w.kick(*client);
    bring_up();
    ASSERT_EQ(client->node().sessions().size(), 1u);
    const auto through = client->node().sessions()[0].through;
    ASSERT_EQ(through.size(), 2u);
    EXPECT_EQ(through[1].node, evil->node()) << "the shortest route";
  }
  /// Some of everything, or much of one kind.
  static manners draw(std::uint64_t seed) {
    switch (seed % 7) {
      case 0: return {.alter_payload = 10};
      case 1: return {.alter_header = 10};
      case 2: return {.repeat = 60};
      case 3: return {.delay = 30};
      case 4: return {.cut = 10};
      case 5: return {.drop = 10};
      default: return {.alter_payload = 2, .alter_header = 2, .repeat = 10, .delay = 10, .cut = 2, .drop = 2};
    }
  }
  /// Runs until all is over, and checks every 50 ms how much the members hold.
  bool run_bounded(duration time) {
    for (const auto until = w.now() + time; w.now() < until && !said.all_over();) {
      w.run(50ms, [&] { return said.all_over(); });
      for (auto* h : {gate, honest})
        if (h != nullptr && h->node().held_bytes() > most_held) {
          ADD_FAILURE() << h->name() << " holds " << h->node().held_bytes();
          return false;
        }
    }
    return said.all_over();
  }
  void tell(const conversation& c) const {
    std::cout << "seed " << seed() << ": " << evil->tampered() << " times in " << evil->passed()
              << " packets; " << (c.asker.received + c.answerer.received) / 1000 << " kB through, "
              << (c.asker.how == half::fate::done ? "done" : "not done") << " after " << seconds() << " s\n";
  }
};

TEST_P(Tampering, on_the_only_way_costs_time_or_the_connection_and_never_a_byte) {
  set_up(false);
  auto& c = converse({4 * mebibyte, 4 * mebibyte});
  evil->behave(draw(seed()));
  EXPECT_TRUE(run_bounded(300s));
  tell(c);
  EXPECT_GT(evil->tampered(), 20u);
  for (const auto* h : {&c.asker, &c.answerer})  // if it is done, traffic has checked every byte
    EXPECT_TRUE(h->how == half::fate::done || h->how == half::fate::reset);
  evil->behave({});
  w.run(60s);
  expect_freed();
  auto& after = converse({100'000, 100'000});
  EXPECT_TRUE(w.run(20s, [&] { return after.over(); }));
  expect_intact(after);
}

TEST_P(Tampering, with_an_honest_way_there_all_arrives_whole) {
  set_up(true);
  auto& c = converse({4 * mebibyte, 4 * mebibyte});
  evil->behave(draw(seed()));
  EXPECT_TRUE(run_bounded(300s));
  tell(c);
  EXPECT_GT(evil->tampered(), 0u);
  expect_intact(c);
  EXPECT_EQ(client->count<core::session_over>(), 0u);
  EXPECT_EQ(server->count<core::session_over>(), 0u);
  w.run(35s);
  expect_freed();
}

INSTANTIATE_TEST_SUITE_P(Seeds, Tampering, ::testing::Range(0, 21));

/// Damages or drops every packet, or all data: nothing useful passes there.
struct Ruin : Tampering {};

TEST_P(Ruin, of_everything_moves_the_traffic_to_the_honest_way) {
  set_up(true);
  auto& c = converse({4 * mebibyte, 4 * mebibyte});
  w.run(200ms);
  ASSERT_FALSE(c.over());
  const manners each[]{{.alter_payload = 100},
                       {.alter_header = 100},
                       {.cut = 100},
                       {.drop = 100},
                       {.drop = 100, .data_alone = true}};
  evil->behave(each[GetParam()]);
  const auto began = w.now();
  EXPECT_TRUE(run_bounded(60s));
  tell(c);
  std::cout << "over " << std::chrono::duration<double>(w.now() - began).count() << " s later\n";
  expect_intact(c);
  EXPECT_EQ(client->count<core::session_over>(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Way, Ruin, ::testing::Range(0, 5));

}  // namespace
}  // namespace gof::test
