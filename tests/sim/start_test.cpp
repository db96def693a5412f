#include "scenario.hpp"

namespace gof::test {
namespace {

struct Start : scenario {};

TEST_F(Start, takes_eight_round_trips_to_ready) {
  start_at(10ms, 0);
  client->on_event = nullptr;
  const auto asked = client->node().probe(w.now(), grant.issuer, "web");
  ASSERT_TRUE(w.run(5s, [&] { return client->count<core::stream_probed>() == 1; }));
  EXPECT_EQ(client->last<core::stream_probed>()->stream, asked);
  EXPECT_EQ(client->times<core::link_up>()[0], 4 * 20ms);  // TCP, greeting, TLS, proof
  EXPECT_EQ(client->times<core::session_up>()[0],
            (4 + 3) * 20ms);  // TLS; HELLO and SCTP's first two packets; SCTP's last two
  EXPECT_EQ(w.since_start(), (4 + 3 + 1) * 20ms);
  expect_freed();
}

/// Two members have been connected to a relay for a while; each cable has a round trip of 20 ms.
struct StartByRelay : scenario {
  host* relay = nullptr;

  void SetUp() override {
    relay = &w.add_member("relay");
    auto& other = w.add_member("other");
    server = &w.add_member("server");
    client = &w.add_guest("client");
    for (auto* h : {&other, server, client}) w.between(*relay, *h).delay = 10ms;
    grant = w.ticket(*server, {"web"});
    grant.addresses = {{relay->name(), relay->port()}};
    said.serve(*server);
    said.allow(*server, grant);
    w.join(other, *relay);
    w.run(5s);
  }
};

TEST_F(StartByRelay, waits_for_no_timer) {
  w.join(*server, *relay);
  w.run(5s);
  const auto begun = w.now();
  ASSERT_FALSE(client->node().add_ticket(begun, grant));
  client->node().probe(begun, grant.issuer, "web");
  ASSERT_TRUE(w.run(5s, [&] { return client->count<core::stream_probed>() == 1; }));
  // To the relay: TCP, greeting, TLS, proof; labels and the list of records; records. End to end: as without
  // a relay, over two cables.
  EXPECT_EQ(w.now() - begun, (4 + 2) * 20ms + (3 + 1) * 40ms);
}

TEST_F(StartByRelay, of_the_server_is_known_to_a_client_that_waits_in_a_few_round_trips) {
  ASSERT_FALSE(client->node().add_ticket(w.now(), grant));
  w.run(5s);
  const auto begun = w.now();
  w.join(*server, *relay);
  ASSERT_TRUE(w.run(5s, [&] { return client->count<core::session_up>() == 1; }));
  // The relay publishes the link once it knows its label and its round trip.
  EXPECT_EQ(w.now() - begun, (4 + 1) * 20ms + 3 * 40ms);
}

/// The world's seed decides whose attempt and whose node id is smaller.
struct Together : scenario, ::testing::WithParamInterface<int> {
  Together() : scenario(static_cast<std::uint64_t>(GetParam())) {}
};

TEST_P(Together, two_nodes_that_ticket_each_other_come_up_as_one_session) {
  server = &w.add_member("server");
  client = &w.add_member("client");
  grant = w.ticket(*server, {"web"}, 1);
  const auto back = w.ticket(*client, {"web"}, 2);
  w.between(*server, *client).delay = 10ms;
  said.serve(*server);
  said.serve(*client);
  said.allow(*server, grant);
  said.allow(*client, back);
  ASSERT_FALSE(client->node().add_ticket(w.now(), grant));
  ASSERT_FALSE(server->node().add_ticket(w.now(), back));
  auto& there = said.open(*client, server->node().peer(), {100'000, 100'000});
  auto& and_back = said.open(*server, client->node().peer(), {100'000, 100'000});
  ASSERT_TRUE(w.run(2s, [&] { return said.all_over(); }));
  expect_intact(there);
  expect_intact(and_back);
  w.run(5s);
  for (auto* h : {server, client}) {
    EXPECT_EQ(h->node().links().size(), 1u) << h->name();
    EXPECT_EQ(h->node().sessions().size(), 1u) << h->name();
  }
  EXPECT_EQ(w.connections(), 1u);
  expect_freed();
  w.run(4000s);  // keys are renewed meanwhile
  auto& later = said.open(*server, client->node().peer(), {100'000, 100'000});
  ASSERT_TRUE(w.run(2s, [&] { return said.all_over(); }));
  expect_intact(later);
  EXPECT_EQ(server->count<core::session_over>() + client->count<core::session_over>(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Together, ::testing::Range(1, 21));

TEST_F(Start, two_processes_of_one_key_are_two_nodes_that_both_work) {
  start_at(10ms, 0);
  auto& second = w.add_twin(*client, "second");
  said.serve(second);
  ASSERT_FALSE(second.node().add_ticket(w.now(), grant));
  EXPECT_EQ(second.node().peer(), client->node().peer());
  EXPECT_NE(second.node().id(), client->node().id());
  auto& one = converse({1000, 1000});
  auto& two = said.open(second, grant.issuer, {1000, 1000});
  ASSERT_TRUE(w.run(2s, [&] { return said.all_over(); }));
  expect_intact(one);
  expect_intact(two);
  w.run(60s);
  EXPECT_EQ(server->node().sessions().size(), 2u);
  EXPECT_EQ(server->count<core::link_down>(), 0u);
}

// ---- tickets that reach nobody

TEST_F(Start, ticket_with_a_wrong_key_is_told_at_once) {
  start_at(10ms, 0);
  client->node().drop_ticket(w.now(), grant);
  auto forged = grant;
  forged.link_key[3] ^= 1;
  ASSERT_FALSE(client->node().add_ticket(w.now(), forged));
  ASSERT_TRUE(w.run(5s, [&] { return client->count<core::unreachable>() == 1; }));
  EXPECT_EQ(w.since_start(), 3 * 20ms);  // TCP, greeting, hello
  EXPECT_EQ(client->last<core::unreachable>()->why, wire::reason::not_allowed);
  EXPECT_EQ(server->count<core::stranger>(), 1u);
  EXPECT_EQ(server->count<core::link_up>(), 0u);
}

TEST_F(Start, ticket_whose_issuer_is_not_in_the_mesh_that_answers_says_so) {
  start_at(10ms, 0);
  auto& other = w.add_member("other");
  w.between(*client, other).delay = 10ms;
  client->node().drop_ticket(w.now(), grant);
  auto misled = grant;
  misled.addresses = {{other.name(), other.port()}};
  ASSERT_FALSE(client->node().add_ticket(w.now(), misled));
  ASSERT_TRUE(w.run(6s, [&] { return client->count<core::unreachable>() == 1; }));
  EXPECT_EQ(client->last<core::unreachable>()->why, wire::reason::none);
  EXPECT_NE(client->last<core::unreachable>()->detail.find("the peer is not in it"), std::string::npos)
      << client->last<core::unreachable>()->detail;
  EXPECT_EQ(client->count<core::session_up>(), 0u);
}

TEST_F(Start, dead_addresses_of_a_ticket_do_not_keep_the_living_one_from_being_found) {
  start_at(10ms, 0);
  client->node().drop_ticket(w.now(), grant);
  auto& silent = w.add_member("silent");
  auto& dead = w.add_member("dead");
  w.cut(*client, silent);
  w.kill(dead);
  auto t = grant;
  t.addresses = {{"nowhere", 1},
                 {silent.name(), silent.port()},
                 {dead.name(), dead.port()},
                 {server->name(), server->port()}};
  ASSERT_FALSE(client->node().add_ticket(w.now(), t));
  ASSERT_TRUE(w.run(5s, [&] { return client->count<core::session_up>() == 1; }));
  std::cout << "up after " << seconds() << " s\n";
  EXPECT_EQ(w.since_start(), 250ms + 7 * 20ms);  // only the silent address cost 250 ms
  w.run(5s);
  EXPECT_EQ(w.connections(), 1u);
  EXPECT_EQ(client->node().links().size(), 1u);
}

}  // namespace
}  // namespace gof::test
