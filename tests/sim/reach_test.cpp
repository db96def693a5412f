#include "scenario.hpp"

namespace gof::test {
namespace {

using namespace std::chrono_literals;
constexpr std::uint64_t mebibyte = 1 << 20;

/// Two members that reach each other through a relay only. The delay of every cable is 5 ms.
struct Reach : scenario {
  host* relay = nullptr;

  wire::address at(const host& h) const { return {h.name(), h.port()}; }
  void cable_up(host& a, host& b) {
    w.between(a, b).delay = 5ms;
    w.between(a, b).bits_per_second = 100e6;
  }
  void join(host& a, host& b) {
    cable_up(a, b);
    w.join(a, b);
  }
  host& add_member(const std::string& name) {
    auto& made = w.add_member(name);
    said.serve(made);
    return made;
  }
  void SetUp() override {
    relay = &w.add_member("relay");
    server = &add_member("server");
    client = &add_member("client");
    for (auto* h : {server, client}) join(*h, *relay);
  }
  void reach(const peer_id& whom) {
    client->node().add_peer(w.now(), whom);
    w.kick(*client);
  }
  void drop(const peer_id& whom) {
    client->node().drop_peer(w.now(), whom);
    w.kick(*client);
  }
  peer_id nobody() const { return peer_id(std::array<std::uint8_t, 32>{9}); }
};

TEST_F(Reach, member_that_is_wanted_is_reached_without_a_ticket) {
  client->on_event = nullptr;
  reach(server->node().peer());
  bring_up();
  const auto asked = client->node().open(w.now(), server->node().peer(), "web");
  w.kick(*client);
  ASSERT_TRUE(w.run(2s, [&] { return server->count<core::stream_incoming>() == 1; }));
  const auto* heard = server->last<core::stream_incoming>();
  EXPECT_EQ(heard->peer, client->node().peer());
  EXPECT_EQ(heard->service, "web");
  EXPECT_TRUE(heard->grant.is_zero());
  EXPECT_FALSE(server->node().proves(heard->stream, {}));
  ASSERT_TRUE(w.run(2s, [&] { return client->count<core::stream_refused>() == 1; }));
  EXPECT_EQ(client->last<core::stream_refused>()->stream, asked) << "the serving peer refuses";
}

TEST_F(Reach, member_is_reached_at_once_by_links_that_stand) {
  w.run(5s);
  const auto before = w.now();
  reach(server->node().peer());
  bring_up();
  EXPECT_LE(w.now() - before, 200ms);
  reach(server->node().peer());
  w.run(10s);
  EXPECT_EQ(client->count<core::session_up>(), 1u);
  EXPECT_EQ(client->count<core::unreachable>(), 0u);
}

TEST_F(Reach, peer_that_is_not_in_the_mesh_is_told_once_in_5_s) {
  w.run(5s);
  reach(nobody());
  w.run(4900ms);
  EXPECT_EQ(client->count<core::unreachable>(), 0u) << "the record may still be under way";
  w.run(200ms);
  ASSERT_EQ(client->count<core::unreachable>(), 1u);
  const auto* told = client->last<core::unreachable>();
  EXPECT_EQ(told->peer, nobody());
  EXPECT_EQ(told->why, wire::reason::none);
  EXPECT_EQ(told->again_in, 5s);
  EXPECT_TRUE(told->reached);
  w.run(20s);
  EXPECT_EQ(client->count<core::unreachable>(), 5u);
  drop(nobody());
  w.run(20s);
  EXPECT_EQ(client->count<core::unreachable>(), 5u);
}

TEST_F(Reach, peer_is_not_called_missing_while_the_mesh_is_not_reached) {
  kill(*relay);
  reach(nobody());
  w.run(20s);
  for (const auto& e : client->events()) {
    const auto* told = std::get_if<core::unreachable>(&e);
    EXPECT_TRUE(told == nullptr || !told->reached);
  }
}

TEST_F(Reach, peer_that_was_restarted_is_reached_again_until_it_is_dropped) {
  const auto whom = server->node().peer();
  reach(whom);
  bring_up();
  kill(*server);
  w.restart(*server);
  ASSERT_TRUE(w.run(30s, [&] { return client->count<core::session_up>() == 2; }));
  drop(whom);
  kill(*server);
  w.restart(*server);
  w.run(120s);
  EXPECT_EQ(client->count<core::session_up>(), 2u);
  EXPECT_EQ(client->count<core::unreachable>(), 0u);
  EXPECT_TRUE(client->node().sessions().empty()) << "the old session has expired";
}

TEST_F(Reach, connection_goes_on_when_its_peer_is_dropped) {
  grant = w.ticket(*server, {"web"});
  grant.addresses.clear();
  said.allow(*server, grant);
  ASSERT_FALSE(client->node().add_ticket(w.now(), grant));
  reach(grant.issuer);
  bring_up();
  auto& c = converse({1000, 1000, false, true});
  w.run(1s);
  drop(grant.issuer);
  client->node().drop_ticket(w.now(), grant);
  w.run(300s);
  said.say(c.asker, mebibyte);
  said.say(c.answerer, mebibyte);
  said.finish(c.asker);
  said.finish(c.answerer);
  ASSERT_TRUE(w.run(10s, [&] { return c.over(); }));
  expect_intact(c);
  EXPECT_EQ(client->count<core::link_down>(), 0u) << "the link was made to join the mesh";
}

// ---- dropped tickets

struct Dropped : Reach {
  void SetUp() override {
    relay = &w.add_member("relay");
    server = &add_member("server");
    join(*server, *relay);
    grant = ticket_of(*server, {relay});
  }
  wire::ticket ticket_of(host& issuer, const std::vector<host*>& by, std::uint8_t number = 1) {
    auto made = w.ticket(issuer, {"web"}, number);
    made.addresses.clear();
    for (auto* h : by) made.addresses.push_back(at(*h));
    said.allow(issuer, made);
    return made;
  }
  void add_client(bool member, const std::vector<wire::ticket>& tickets) {
    client = member ? &w.add_member("client") : &w.add_guest("client");
    said.serve(*client);
    for (const auto& h : w.hosts())
      if (h.get() != client) cable_up(*client, *h);
    for (const auto& t : tickets) use(t);
  }
  void use(const wire::ticket& t) {
    ASSERT_FALSE(client->node().add_ticket(w.now(), t));
    w.kick(*client);
  }
  void drop(const wire::ticket& t) {
    client->node().drop_ticket(w.now(), t);
    w.kick(*client);
  }
  void carry(conversation& c) {
    said.say(c.asker, mebibyte);
    said.say(c.answerer, mebibyte);
    said.finish(c.asker);
    said.finish(c.answerer);
    ASSERT_TRUE(w.run(10s, [&] { return c.over(); }));
    expect_intact(c);
  }
  std::size_t links() const { return client->node().links().size(); }
};

TEST_F(Dropped, ticket_takes_the_link_that_was_made_for_it_along) {
  add_client(false, {grant});
  bring_up();
  w.run(1s);
  drop(grant);
  w.run(100ms);
  EXPECT_EQ(links(), 0u);
  EXPECT_TRUE(client->node().sessions().empty());
  ASSERT_EQ(client->count<core::session_over>(), 1u);
  EXPECT_EQ(client->last<core::session_over>()->why, wire::reason::none);
  EXPECT_TRUE(server->node().sessions().empty()) << "the server is informed, and does not wait";
  w.run(120s);
  EXPECT_EQ(client->count<core::link_up>(), 1u);
  EXPECT_EQ(client->count<core::unreachable>(), 0u);
  EXPECT_EQ(server->count<core::path_lost>(), 0u);
  use(grant);
  ASSERT_TRUE(w.run(5s, [&] { return client->count<core::session_up>() == 2; }));
}

TEST_F(Dropped, ticket_leaves_its_link_to_the_connections_that_go_by_it) {
  add_client(false, {grant});
  bring_up();
  auto& c = converse({1000, 1000, false, true});
  auto& other = converse({1000, 1000, false, true});
  w.run(1s);
  drop(grant);
  w.run(300s);
  carry(other);
  w.run(10s);
  EXPECT_EQ(links(), 1u);
  carry(c);
  w.run(2s);
  EXPECT_EQ(links(), 0u) << "nothing needs the link any more";
  for (auto* h : {client, server}) EXPECT_EQ(h->count<core::path_lost>(), 0u) << h->name();
  expect_freed();
}

TEST_F(Dropped, ticket_leaves_the_link_to_another_that_was_not_the_one_to_make_it) {
  auto& second = add_member("second");
  join(second, *relay);
  const auto other = ticket_of(second, {relay}, 2);
  add_client(false, {grant, other});
  ASSERT_TRUE(w.run(10s, [&] { return client->count<core::session_up>() == 2; }));
  auto& c = converse({1000, 1000, false, true});
  w.run(1s);
  drop(grant);
  w.run(120s);
  carry(c);
  carry(said.open(*client, other.issuer, {1000, 1000, false, true}));
  EXPECT_EQ(client->count<core::link_up>(), 1u);
  drop(other);
  w.run(2s);
  EXPECT_EQ(links(), 0u) << "whichever of the two made the link";
}

TEST_F(Dropped, ticket_leaves_the_link_to_another_that_has_no_address) {
  auto& second = add_member("second");
  join(second, *relay);
  const auto other = ticket_of(second, {}, 2);
  add_client(false, {grant, other});
  ASSERT_TRUE(w.run(10s, [&] { return client->count<core::session_up>() == 2; }));
  drop(grant);
  w.run(60s);
  EXPECT_EQ(client->count<core::link_down>(), 0u);
  carry(said.open(*client, other.issuer, {1000, 1000, false, true}));
}

TEST_F(Dropped, ticket_leaves_the_link_to_who_joins_by_it) {
  add_client(true, {grant});
  w.join(*client, *relay);
  bring_up();
  w.run(2s);
  drop(grant);
  w.run(60s);
  EXPECT_EQ(client->count<core::link_down>(), 0u);
  EXPECT_EQ(links(), 1u);
}

TEST_F(Dropped, ticket_leaves_the_only_link_to_a_peer_that_is_to_be_reached) {
  add_client(true, {grant});
  bring_up();
  reach(grant.issuer);
  drop(grant);
  w.run(60s);
  EXPECT_EQ(client->count<core::link_down>(), 0u);
  Reach::drop(grant.issuer);
  w.run(2s);
  EXPECT_EQ(links(), 0u);
}

TEST_F(Dropped, ticket_leaves_its_link_to_what_passes_between_others) {
  client = nullptr;
  const auto direct = ticket_of(*server, {server}, 2);
  auto& between = add_member("between");
  cable_up(between, *server);
  ASSERT_FALSE(between.node().add_ticket(w.now(), direct));
  kill(*relay);
  const auto through = ticket_of(*server, {&between}, 3);
  add_client(false, {through});
  bring_up();
  auto& c = said.open(*client, through.issuer, {16 * mebibyte, 16 * mebibyte});
  w.run(500ms);
  ASSERT_FALSE(c.over());
  between.node().drop_ticket(w.now(), direct);
  w.kick(between);
  ASSERT_TRUE(w.run(30s, [&] { return c.over(); }));
  expect_intact(c);
  EXPECT_EQ(client->count<core::path_lost>(), 0u);
  w.run(40s);
  EXPECT_EQ(between.node().links().size(), 1u) << "the link to the client";
}

TEST_F(Dropped, ticket_whose_addresses_are_being_tried_is_not_told_of_again) {
  auto& dead = w.add_member("dead");
  auto& silent = w.add_member("silent");
  auto lost = ticket_of(*server, {&silent, &dead, &silent, &dead});
  add_client(false, {lost});
  w.kill(dead);
  w.cut(*client, silent);
  w.run(300ms);
  const auto dials = client->count<core::dial_wanted>();
  ASSERT_GE(dials, 1u);
  drop(lost);
  w.run(60s);
  EXPECT_EQ(client->count<core::dial_wanted>(), dials);
  EXPECT_EQ(client->count<core::unreachable>(), 0u);
  EXPECT_EQ(w.connections(), 1u) << "between the relay and the server";
}

TEST_F(Dropped, ticket_makes_no_link_however_far_it_came) {
  add_client(false, {});
  for (auto when = 0ms; when <= 160ms; when += 5ms) {
    use(grant);
    w.run(when);
    drop(grant);
    w.run(1s);
    EXPECT_EQ(links(), 0u) << when.count() << " ms";
    EXPECT_EQ(client->count<core::link_up>(), client->count<core::link_down>());
    EXPECT_TRUE(client->node().sessions().empty()) << when.count() << " ms";
  }
  EXPECT_GE(client->count<core::session_up>(), 1u);
  EXPECT_EQ(client->count<core::unreachable>(), 0u);
}

TEST_F(Dropped, ticket_leaves_another_of_its_grant_with_other_addresses) {
  auto moved = grant;
  moved.addresses.push_back({"elsewhere", 1});
  add_client(false, {grant});
  bring_up();
  use(moved);  // before the drop, as when a program reads its configuration again
  drop(grant);
  w.run(60s);
  EXPECT_EQ(client->count<core::session_over>(), 0u);
  carry(converse({1000, 1000, false, true}));
  drop(grant);
  w.run(2s);
  EXPECT_EQ(links(), 1u);
  drop(moved);
  w.run(2s);
  EXPECT_EQ(links(), 0u);
}

TEST_F(Dropped, ticket_that_was_used_twice_is_dropped_once) {
  add_client(false, {grant, grant});
  bring_up();
  drop(grant);
  w.run(60s);
  EXPECT_EQ(links(), 0u);
  EXPECT_EQ(client->count<core::dial_wanted>(), 1u);
}

}  // namespace
}  // namespace gof::test
