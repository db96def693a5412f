#include "scenario.hpp"

#include <iostream>

namespace gof::test {
namespace {

using namespace std::chrono_literals;
constexpr std::uint64_t mebibyte = 1 << 20;

/// A server and a guest that reach each other only through relays. The delay of every cable is 5 ms.
struct Relayed : scenario {
  std::vector<host*> relays;

  host& add_relay() {
    relays.push_back(&w.add_member("relay" + std::to_string(relays.size() + 1)));
    return *relays.back();
  }
  void cable_up(host& a, host& b, double bits_per_second = 100e6) {
    w.between(a, b).delay = 5ms;
    w.between(a, b).bits_per_second = bits_per_second;
  }
  void join(host& a, host& b, double bits_per_second = 100e6) {
    cable_up(a, b, bits_per_second);
    w.join(a, b);
  }
  /// server - relay1 - ... - relayN - client
  void chain(std::size_t count) {
    server = &w.add_member("server");
    said.serve(*server);
    host* last = server;
    for (std::size_t i = 0; i < count; ++i) {
      auto& next = add_relay();
      join(*last, next);
      last = &next;
    }
    add_client({last});
  }
  void add_client(const std::vector<host*>& at) {
    client = &w.add_guest("client");
    grant = w.ticket(*server, {"web"});
    grant.addresses.clear();
    for (auto* h : at) {
      cable_up(*client, *h);
      grant.addresses.push_back({h->name(), h->port()});
    }
    said.serve(*client);
    said.allow(*server, grant);
    ASSERT_FALSE(client->node().add_ticket(w.now(), grant));
    w.kick(*client);
  }
  /// server - two relays - client: two routes
  void diamond() {
    server = &w.add_member("server");
    said.serve(*server);
    for (int i = 0; i < 3; ++i) add_relay();
    join(*server, *relays[0]);
    join(*server, *relays[1]);
    join(*relays[2], *relays[0]);
    join(*relays[2], *relays[1]);
    add_client({relays[2]});
  }
  void expect_nothing_left() {
    w.run(35s);  // flows end after 30 s of idling
    for (auto* h : relays) {
      if (h->is_running()) {
        EXPECT_EQ(h->node().held_bytes(), 0u) << h->name();
      }
    }
    expect_freed();
  }
};

struct Chain : Relayed, ::testing::WithParamInterface<int> {};

TEST_P(Chain, carries_streams_both_ways_through_its_relays) {
  chain(static_cast<std::size_t>(GetParam()));
  bring_up();
  std::cout << "up after " << seconds() << " s\n";
  auto& c = converse({4 * mebibyte, 4 * mebibyte});
  ASSERT_TRUE(w.run(60s, [&] { return c.over(); }));
  expect_intact(c);
  std::cout << "over after " << seconds() << " s\n";
  expect_nothing_left();
}

INSTANTIATE_TEST_SUITE_P(Relays, Chain, ::testing::Values(1, 2, 3, 5));

TEST_F(Relayed, six_relays_are_too_many_and_that_is_said) {
  chain(6);
  ASSERT_TRUE(w.run(20s, [&] { return client->count<core::unreachable>() > 0; }));
  EXPECT_NE(client->last<core::unreachable>()->detail.find("not in it"), std::string::npos);
  EXPECT_EQ(client->count<core::session_up>(), 0u);
}

TEST_F(Relayed, relay_killed_with_another_way_there_costs_a_short_stall_and_no_byte) {
  diamond();
  bring_up();
  auto& c = converse({16 * mebibyte, 16 * mebibyte});
  w.run(1s);
  ASSERT_FALSE(c.over());
  const auto before = c.asker.received;
  ASSERT_GT(before, 0u);
  // Kills the relay that carries the conversation.
  host* carrier = relays[0]->node().held_bytes() >= relays[1]->node().held_bytes() ? relays[0] : relays[1];
  kill(*carrier);
  const auto killed = w.now();
  ASSERT_TRUE(w.run(20s, [&] { return c.asker.received > before + mebibyte; }));
  std::cout << "1 MiB more after " << std::chrono::duration<double>(w.now() - killed).count() << " s\n";
  EXPECT_LE(w.now() - killed, 5s);
  ASSERT_TRUE(w.run(60s, [&] { return c.over(); }));
  expect_intact(c);
  EXPECT_EQ(client->count<core::session_over>(), 0u);
  EXPECT_EQ(server->count<core::session_over>(), 0u);
}

TEST_F(Relayed, guest_keeps_two_links_and_goes_on_by_the_other) {
  server = &w.add_member("server");
  said.serve(*server);
  for (int i = 0; i < 2; ++i) join(*server, add_relay());
  add_client({relays[0], relays[1]});
  bring_up();
  ASSERT_TRUE(w.run(5s, [&] { return client->node().links().size() == 2; }));
  auto& c = converse({8 * mebibyte, 8 * mebibyte});
  w.run(500ms);
  ASSERT_FALSE(c.over());
  const auto before = c.asker.received;
  kill(*relays[0]);
  const auto killed = w.now();
  ASSERT_TRUE(w.run(20s, [&] { return c.asker.received > before + mebibyte; }));
  std::cout << "1 MiB more after " << std::chrono::duration<double>(w.now() - killed).count() << " s\n";
  EXPECT_LE(w.now() - killed, 2s);
  EXPECT_GE(client->count<core::path_changed>(), 1u);
  ASSERT_TRUE(w.run(60s, [&] { return c.over(); }));
  expect_intact(c);
  EXPECT_EQ(client->count<core::session_over>(), 0u);
}

TEST_F(Relayed, two_addresses_of_one_node_make_one_link_that_stays) {
  server = &w.add_member("server");
  said.serve(*server);
  join(*server, add_relay());
  add_client({relays[0], relays[0]});
  bring_up();
  w.run(100s);
  EXPECT_EQ(client->count<core::link_down>(), 0u);
  EXPECT_EQ(client->count<core::path_changed>(), 0u);
  EXPECT_EQ(client->node().links().size(), 1u);
  EXPECT_EQ(client->count<core::link_up>(), 1u) << "the other address is tried only once";
}

TEST_F(Relayed, only_relay_killed_and_back_after_5_s_resumes_and_loses_nothing) {
  chain(1);
  bring_up();
  auto& c = converse({8 * mebibyte, 8 * mebibyte});
  w.run(500ms);
  ASSERT_FALSE(c.over());
  kill(*relays[0]);
  w.run(5s);
  w.restart(*relays[0]);
  const auto back = w.now();
  ASSERT_TRUE(w.run(20s, [&] { return client->count<core::path_resumed>() > 0; }));
  std::cout << "resumed " << std::chrono::duration<double>(w.now() - back).count()
            << " s after it was back\n";
  EXPECT_LE(w.now() - back, 7s);
  ASSERT_TRUE(w.run(60s, [&] { return c.over(); }));
  expect_intact(c);
  EXPECT_EQ(client->count<core::session_over>(), 0u);
}

TEST_F(Relayed, relay_gone_for_longer_than_survive_resets_both_ends_and_frees_everything) {
  chain(1);
  bring_up();
  auto& c = converse({8 * mebibyte, 8 * mebibyte});
  w.run(500ms);
  kill(*relays[0]);
  ASSERT_TRUE(w.run(70s, [&] { return c.over(); }));
  EXPECT_EQ(c.asker.how, half::fate::reset);
  EXPECT_EQ(c.answerer.how, half::fate::reset);
  w.run(10s);
  expect_freed();
}

TEST_F(Relayed, restarted_server_is_found_by_its_tickets_again) {
  chain(2);
  bring_up();
  kill(*server);
  w.run(1s);
  w.restart(*server);
  said.serve(*server);
  const auto ups = client->count<core::session_up>();
  ASSERT_TRUE(w.run(10s, [&] { return client->count<core::session_up>() > ups; }));
  auto& c = converse({10'000, 10'000});
  ASSERT_TRUE(w.run(5s, [&] { return c.over(); }));
  expect_intact(c);
}

TEST_F(Relayed, reader_that_stops_holds_up_nobody_else_at_the_relay) {
  chain(1);
  auto& other = w.add_guest("other");
  said.serve(other);
  cable_up(other, *relays[0]);
  ASSERT_FALSE(other.node().add_ticket(w.now(), grant));
  w.kick(other);
  bring_up();
  ASSERT_TRUE(w.run(5s, [&] { return other.count<core::session_up>() == 1; }));
  auto& stuck = converse({0, 64 * mebibyte});
  said.stop_reading(stuck.asker);
  w.run(2s);
  EXPECT_LE(relays[0]->node().held_bytes(), mebibyte);
  auto& c = said.open(other, grant.issuer, {mebibyte, mebibyte});
  const auto began = w.now();
  ASSERT_TRUE(w.run(10s, [&] { return c.over(); }));
  expect_intact(c);
  std::cout << "2 MiB beside it in " << std::chrono::duration<double>(w.now() - began).count() << " s\n";
  EXPECT_LE(w.now() - began, 2s);
  said.go_on_reading(stuck.asker);
  ASSERT_TRUE(w.run(30s, [&] { return stuck.over(); }));
  expect_intact(stuck);
}

}  // namespace
}  // namespace gof::test
