#include "node/shown_tickets.hpp"
#include "scenario.hpp"
#include "support/speaker.hpp"
#include "wire/grant_frame.hpp"
#include "wire/link_control.hpp"
#include "wire/neighbours.hpp"

#include <iostream>

namespace gof::test {
namespace {

using namespace std::chrono_literals;
using wire::frame_type;
using wire::reason;
constexpr std::uint64_t mebibyte = 1 << 20;

/// Guests of members that they reach through relays. The delay of every cable is 5 ms.
struct Guests : scenario {
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
  /// A member that serves, and can be reached only through `by`.
  host& add_server(const std::string& name, host& by) {
    auto& made = w.add_member(name);
    said.serve(made);
    join(made, by);
    return made;
  }
  wire::ticket ticket_of(host& issuer, const std::vector<host*>& by, std::uint8_t number = 1) {
    auto made = w.ticket(issuer, {"web"}, number);
    made.addresses.clear();
    for (auto* h : by) made.addresses.push_back(at(*h));
    said.allow(issuer, made);
    return made;
  }
  host& add_guest(const std::string& name, const std::vector<wire::ticket>& tickets) {
    auto& made = w.add_guest(name);
    said.serve(made);
    for (const auto& h : w.hosts())
      if (h.get() != &made) cable_up(made, *h);
    for (const auto& t : tickets) use(made, t);
    return made;
  }
  void use(host& guest, const wire::ticket& ticket) {
    EXPECT_FALSE(guest.node().add_ticket(w.now(), ticket));
    w.kick(guest);
  }
  void publish(host& member) {
    member.node().publish(w.now(), {"web"}, {at(member)});
    w.kick(member);
  }
  void withdraw(host& member, const wire::ticket& ticket) {
    member.node().publish(w.now(), {"web"}, {}, {ticket.grant});
    w.kick(member);
  }
  /// A server connected to the relay, and a ticket for it with the relay's address.
  void start_relayed() {
    relay = &w.add_member("relay");
    server = &add_server("server", *relay);
    grant = ticket_of(*server, {relay});
  }
  std::size_t sessions_up(const host& h) const { return h.count<core::session_up>(); }
  void expect_carries(host& from, const wire::ticket& by) {
    auto& c = said.open(from, by.issuer, {mebibyte, mebibyte});
    ASSERT_TRUE(w.run(20s, [&] { return c.over(); })) << from.name();
    expect_intact(c);
  }
};

TEST_F(Guests, tickets_of_two_issuers_share_a_link_to_one_relay) {
  start_relayed();
  auto& second = add_server("second", *relay);
  const auto other = ticket_of(second, {relay}, 2);
  client = &add_guest("client", {grant, other});
  ASSERT_TRUE(w.run(10s, [&] { return sessions_up(*client) == 2; }));
  expect_carries(*client, grant);
  expect_carries(*client, other);
  const auto dials = client->count<core::dial_wanted>();
  w.run(300s);
  EXPECT_EQ(client->node().links().size(), 1u);
  EXPECT_EQ(client->count<core::dial_wanted>(), dials) << "it dials again and again";
  EXPECT_EQ(client->count<core::link_down>(), 0u);
}

TEST_F(Guests, ticket_added_later_is_shown_on_the_link_that_stands) {
  start_relayed();
  auto& second = add_server("second", *relay);
  auto other = ticket_of(second, {}, 2);  // no address: that link is its only route
  client = &add_guest("client", {grant});
  bring_up();
  w.run(2s);
  EXPECT_EQ(sessions_up(*client), 1u);
  use(*client, other);
  ASSERT_TRUE(w.run(10s, [&] { return sessions_up(*client) == 2; }));
  expect_carries(*client, other);
  EXPECT_EQ(client->count<core::link_up>(), 1u);
}

TEST_F(Guests, both_issuers_are_reached_again_after_their_relay_was_killed) {
  start_relayed();
  auto& second = add_server("second", *relay);
  const auto other = ticket_of(second, {relay}, 2);
  client = &add_guest("client", {grant, other});
  ASSERT_TRUE(w.run(10s, [&] { return sessions_up(*client) == 2; }));
  kill(*relay);
  w.run(5s);
  w.restart(*relay);
  ASSERT_TRUE(w.run(30s, [&] { return client->count<core::path_resumed>() == 2; }));
  expect_carries(*client, grant);
  expect_carries(*client, other);
  EXPECT_EQ(client->node().links().size(), 1u);
}

// ---- learned members

TEST_F(Guests, learned_relay_carries_on_after_the_tickets_one_died) {
  start_relayed();
  auto& spare = w.add_member("spare");
  join(spare, *relay);
  join(*server, spare);
  publish(spare);
  client = &add_guest("client", {grant});
  bring_up();
  ASSERT_TRUE(w.run(10s, [&] { return client->node().links().size() == 2; }));
  auto& c = converse({8 * mebibyte, 8 * mebibyte});
  w.run(500ms);
  ASSERT_FALSE(c.over());
  const auto before = c.asker.received;
  kill(*relay);
  const auto killed = w.now();
  ASSERT_TRUE(w.run(20s, [&] { return c.asker.received > before + mebibyte; }));
  std::cout << "1 MiB more after " << std::chrono::duration<double>(w.now() - killed).count() << " s\n";
  EXPECT_LE(w.now() - killed, 2s);
  ASSERT_TRUE(w.run(60s, [&] { return c.over(); }));
  expect_intact(c);
  EXPECT_EQ(client->count<core::session_over>(), 0u);
}

TEST_F(Guests, link_that_both_tickets_share_tells_both_of_the_other_relay) {
  start_relayed();
  auto& second = add_server("second", *relay);
  auto& spare = w.add_member("spare");
  for (auto* h : {relay, server, &second}) join(*h, spare);
  publish(spare);
  const auto other = ticket_of(second, {relay}, 2);
  client = &add_guest("client", {grant, other});
  ASSERT_TRUE(w.run(10s, [&] { return sessions_up(*client) == 2 && client->node().links().size() == 2; }));
  w.run(5s);
  kill(*relay);
  w.run(2s);
  expect_carries(*client, grant);
  expect_carries(*client, other);
}

TEST_F(Guests, server_that_publishes_where_it_is_becomes_the_second_link) {
  start_relayed();
  publish(*server);
  client = &add_guest("client", {grant});
  bring_up();
  ASSERT_TRUE(w.run(10s, [&] { return client->node().links().size() == 2; }));
  w.run(2s);
  ASSERT_EQ(client->node().sessions().size(), 1u);
  EXPECT_TRUE(client->node().sessions()[0].through.empty()) << "the session is direct";
}

// ---- withdrawn tickets

TEST_F(Guests, withdrawn_grant_costs_its_link_and_no_other) {
  start_relayed();
  const auto good = ticket_of(*server, {relay}, 2);
  client = &add_guest("client", {grant});
  auto& other = add_guest("other", {good});
  bring_up();
  ASSERT_TRUE(w.run(10s, [&] { return sessions_up(other) == 1; }));
  withdraw(*server, grant);
  ASSERT_TRUE(w.run(5s, [&] { return client->count<core::link_down>() == 1; }));
  EXPECT_EQ(client->last<core::link_down>()->why, reason::withdrawn);
  EXPECT_TRUE(client->last<core::link_down>()->told);
  // It dials again, and is given the reason.
  ASSERT_TRUE(w.run(10s, [&] { return client->count<core::unreachable>() > 0; }));
  EXPECT_EQ(client->last<core::unreachable>()->why, reason::withdrawn);
  EXPECT_EQ(client->count<core::link_up>(), 1u);
  expect_carries(other, good);
  EXPECT_EQ(other.count<core::link_down>(), 0u);
}

TEST_F(Guests, link_with_another_good_ticket_stands_when_one_is_withdrawn) {
  start_relayed();
  auto& second = add_server("second", *relay);
  const auto other = ticket_of(second, {relay}, 2);
  client = &add_guest("client", {grant, other});
  ASSERT_TRUE(w.run(10s, [&] { return sessions_up(*client) == 2; }));
  withdraw(*server, grant);
  w.run(5s);
  EXPECT_EQ(client->count<core::link_down>(), 0u);
  expect_carries(*client, other);
  // The relay drops its request to the first issuer.
  auto& c = said.open(*client, grant.issuer, {10, 10});
  w.run(5s);
  EXPECT_EQ(c.answerer.at, nullptr);
  withdraw(second, other);
  ASSERT_TRUE(w.run(5s, [&] { return client->count<core::link_down>() == 1; }));
  EXPECT_EQ(client->last<core::link_down>()->why, reason::withdrawn);
}

TEST_F(Guests, nobody_withdraws_the_grants_of_another) {
  start_relayed();
  auto& second = add_server("second", *relay);
  client = &add_guest("client", {grant});
  bring_up();
  withdraw(second, grant);
  withdraw(*relay, grant);
  w.run(10s);
  EXPECT_EQ(client->count<core::link_down>(), 0u);
  expect_carries(*client, grant);
  auto& late = add_guest("late", {grant});
  ASSERT_TRUE(w.run(5s, [&] { return sessions_up(late) == 1; }));
}

TEST_F(Guests, issuer_lets_a_withdrawn_grant_come_to_it_to_be_told_by_itself_and_then_parts) {
  start_relayed();
  auto direct = ticket_of(*server, {server}, 3);
  withdraw(*server, direct);
  client = &add_guest("client", {direct});
  bring_up();
  w.run(4s);
  EXPECT_EQ(client->count<core::link_down>(), 0u);
  ASSERT_TRUE(w.run(3s, [&] { return client->count<core::link_down>() == 1; }));
  EXPECT_EQ(client->last<core::link_down>()->why, reason::withdrawn);
}

// ---- wrong behaviour on a link

/// Acts as a guest or a member; shows these tickets once its link is up.
struct shower : speaker {
  using speaker::speaker;
  struct shown {
    wire::ticket ticket;
    bool right = true;
  };
  std::vector<shown> to_show;
  std::vector<std::pair<frame_type, bytes>> heard;

  void handle_up(instant, link_id link, const core::link::up&) override {
    send(link, frame_type::label, wire::label{1}.encode());
  }
  void handle_notice(instant, link_id, const core::link::notice& n) override {
    heard.emplace_back(n.type, bytes(n.body.begin(), n.body.end()));
  }
  void fill(instant, link_id, core::link& into) override {
    for (const auto& s : std::exchange(to_show, {})) {
      auto mac = into.grant_mac(secure::secret32(s.ticket.link_key));
      if (!s.right) mac[0] ^= 1;
      into.send(frame_type::grant, wire::grant_frame{s.ticket.issuer, s.ticket.grant, mac}.encode());
    }
  }
  std::vector<wire::neighbours> lists() const {
    std::vector<wire::neighbours> all;
    for (const auto& [type, body] : heard)
      if (type == frame_type::neighbours) all.push_back(*wire::neighbours::decode(body));
    return all;
  }
};

struct Manners : Guests {
  shower* guest = nullptr;
  link_id link{};

  void SetUp() override { start_relayed(); }
  void speak(const std::vector<shower::shown>& tickets = {}, bool as_member = false) {
    auto made = std::make_unique<shower>(w.network_key(), w.random());
    guest = made.get();
    guest->to_show = tickets;
    auto& h = w.add_stand_in("stand-in", std::move(made));
    cable_up(h, *relay);
    link = as_member ? guest->dial_as_member(at(*relay)) : guest->dial_as_guest(at(*relay), grant);
    w.kick(h);
    w.run(3s);
  }
  /// The relay closed the link and sent this reason.
  void expect_closed(reason why) {
    const auto* end = guest->end_of(link);
    ASSERT_NE(end, nullptr);
    EXPECT_EQ(end->why, why);
    EXPECT_TRUE(end->told);
  }
};

TEST_F(Manners, right_grant_is_taken_also_twice) {
  const auto other = ticket_of(*relay, {relay}, 9);
  speak({{other}, {other}, {grant}});
  EXPECT_TRUE(guest->is_up(link));
}

TEST_F(Manners, grant_with_a_wrong_mac_costs_the_link) {
  speak({{ticket_of(*relay, {relay}, 9), false}});
  expect_closed(reason::protocol);
}

TEST_F(Manners, link_takes_64_grants_and_ends_at_the_65th) {
  std::vector<shower::shown> most;
  for (std::size_t n = 1; n < core::shown_tickets::most; ++n)
    most.push_back({w.ticket(*relay, {"web"}, static_cast<std::uint8_t>(n + 100))});
  speak(most);
  ASSERT_TRUE(guest->is_up(link)) << "63, and the one that opened the link";
  guest->to_show = {{w.ticket(*relay, {"web"}, 99)}};
  guest->send(link, frame_type::want, {});
  w.run(3s);
  expect_closed(reason::protocol);
}

TEST_F(Manners, malformed_grant_costs_the_link) {
  speak();
  ASSERT_TRUE(guest->is_up(link));
  guest->send(link, frame_type::grant, bytes(63));
  w.run(1s);
  expect_closed(reason::protocol);
}

TEST_F(Manners, grant_from_a_member_costs_the_link) {
  speak({{ticket_of(*relay, {relay}, 9)}}, true);
  expect_closed(reason::protocol);
}

TEST_F(Manners, neighbours_from_a_guest_cost_the_link) {
  speak();
  ASSERT_TRUE(guest->is_up(link));
  guest->send(link, frame_type::neighbours, wire::neighbours().encode());
  w.run(1s);
  expect_closed(reason::protocol);
}

TEST_F(Manners, guest_is_told_of_other_members_at_most_once_in_10_s) {
  publish(*relay);
  speak();
  EXPECT_TRUE(guest->lists().empty()) << "the guest knows the relay's own address already";
  std::vector<instant> told;
  for (std::uint16_t port = 1; port <= 40; ++port) {
    server->node().publish(w.now(), {}, {{"127.0.0.1", port}, {"10.0.0.1", port}});
    w.kick(*server);
    const auto had = guest->lists().size();
    w.run(1s);
    if (guest->lists().size() > had) told.push_back(w.now());
  }
  w.run(15s);
  const auto lists = guest->lists();
  ASSERT_GE(lists.size(), 3u);
  EXPECT_LE(lists.size(), 6u);
  for (std::size_t i = 1; i < told.size(); ++i) EXPECT_GE(told[i] - told[i - 1], 9s);
  for (const auto& list : lists) ASSERT_EQ(list.addresses.size(), 1u) << "loopback addresses are left out";
  EXPECT_EQ(lists.back().addresses[0], (wire::address{"10.0.0.1", 40}));
  const auto had = guest->heard.size();
  w.run(60s);
  EXPECT_EQ(guest->lists().size(), lists.size()) << had;
}

}  // namespace
}  // namespace gof::test
