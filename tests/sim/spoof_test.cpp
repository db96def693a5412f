#include "mesh/label.hpp"
#include "node/half_open.hpp"
#include "scenario.hpp"
#include "secure/crypto_mac.hpp"
#include "support/speaker.hpp"
#include "wire/link_control.hpp"

#include <algorithm>

namespace gof::test {
namespace {

using wire::frame_type;
using wire::reason;

/// Begins sessions with correct MACs in the names of invented nodes, and does not continue them. Counts the
/// answers.
class pretender final : public speaker {
 public:
  using speaker::speaker;
  std::size_t answers = 0;
  std::size_t begun = 0;

  struct under {
    secure::secret32 key;
    std::optional<grant_id> grant;  ///< empty: the network key
  };
  void begin(instant now, link_id link, const under& with, wire::packet head) {
    wire::crypto message;
    message.attempt = random().draw<wire::crypto::attempt_id>();
    if (with.grant) {
      message.key = wire::crypto::key_kind::guest;
      message.grant = *with.grant;
    }
    message.piece = {0x16};  // the first byte of a TLS handshake
    head.is_crypto = true;
    secure::sign(secure::link_secrets(with.key).crypto, message, frame_type::relay_control, head.source,
                 head.destination);
    send_packet(now, link, frame_type::relay_control, head, message.encode());
    ++begun;
  }
  node_id made_up() { return random().draw<node_id>(); }

 private:
  void handle_up(instant, link_id link, const core::link::up& up) override {
    send(link, frame_type::label, wire::label{core::label_of(node(), up.node, {})}.encode());
  }
  void handle_received(instant, link_id, core::link::received& what) override {
    answers += what.type == frame_type::relay_control;
  }
};

/// A server with a link to a relay and a port of its own, honest guests and members that come and go, and an
/// attacker with a key that floods it.
struct Spoof : scenario {
  host* relay = nullptr;
  host* evil_host = nullptr;
  pretender* evil = nullptr;
  link_id link{};
  wire::ticket ticket_of_evil;
  std::vector<wire::ticket> tickets;  ///< for newcomers
  std::size_t came = 0;

  void SetUp() override {
    relay = &w.add_member("relay");
    server = &w.add_member("server");
    client = &w.add_guest("client");
    auto made = std::make_unique<pretender>(w.network_key(), w.random());
    evil = made.get();
    evil_host = &w.add_stand_in("evil", std::move(made));
    cable_up(*evil_host);
    cable_up(*client);
    w.between(*relay, *server).delay = 5ms;
    w.join(*server, *relay);
    grant = w.ticket(*server, {"web"});
    said.serve(*server);
    said.serve(*client);
    said.allow(*server, grant);
    ticket_of_evil = w.ticket(*server, {"web"}, 2);
    said.allow(*server, ticket_of_evil);
    for (std::uint8_t i = 0; i < 12; ++i) {
      tickets.push_back(w.ticket(*server, {"web"}, static_cast<std::uint8_t>(10 + i)));
      said.allow(*server, tickets.back());
    }
    w.run(3s);
    ASSERT_FALSE(client->node().add_ticket(w.now(), grant));
    w.kick(*client);
    bring_up();
  }
  void cable_up(host& h) {
    for (auto* to : {relay, server}) w.between(*to, h).delay = 5ms;
  }
  static wire::address at(const host& h) { return {h.name(), h.port()}; }
  /// A new node's session with the server must be up within `most`.
  void expect_newcomer(const host& by, duration most, bool member = false) {
    const auto name = "newcomer-" + std::to_string(++came);
    auto& h = member ? w.add_member(name) : w.add_guest(name);
    cable_up(h);
    const auto begun = w.now();
    if (member) {
      w.join(h, by);
      h.node().add_peer(w.now(), server->node().peer());
    } else {
      auto t = tickets.at(came % tickets.size());
      t.addresses = {at(by)};
      ASSERT_FALSE(h.node().add_ticket(w.now(), t));
    }
    w.kick(h);
    EXPECT_TRUE(flooding(most,
                         [&] {
                           return std::any_of(h.events().begin(), h.events().end(),
                                              [&](const core::event& e) {
                                                const auto* up = std::get_if<core::session_up>(&e);
                                                return up != nullptr && up->peer == server->node().peer();
                                              });
                         }))
        << name << (member ? ", a member, through " : ", a guest, through ") << by.name() << ", after "
        << std::chrono::duration<double>(w.now() - begun).count() << " s";
  }

  // ---- the flood: `at_once` attempts every `every`
  std::size_t at_once = 64;
  duration every = 1s;
  std::optional<instant> next;
  std::function<void()> attempt;

  bool flooding(duration most, const std::function<bool()>& done) {
    const auto until = w.now() + most;
    while (!done() && w.now() < until) {
      if (!next) next = w.now();
      if (w.now() >= *next) {
        for (std::size_t i = 0; i < at_once; ++i) attempt();
        w.kick(*evil_host);
        *next += every;
      }
      w.run(std::min(until, *next) - w.now(), done);
    }
    return done();
  }
  void come_in(const host& by, bool as_guest) {
    link = as_guest ? evil->dial_as_guest(at(by), ticket_of_evil) : evil->dial_as_member(at(by));
    w.kick(*evil_host);
    ASSERT_TRUE(w.run(5s, [&] { return evil->is_up(link); }));
    w.run(50ms);  // wait for the labels
  }
  /// As a guest, directly at the server.
  void flood_as_guest() {
    come_in(*server, true);
    attempt = [this] {
      if (!evil->is_up(link)) {
        if (evil->end_of(link) != nullptr) link = evil->dial_as_guest(at(*server), ticket_of_evil);
        return;
      }
      wire::packet head;
      head.source = evil->made_up();
      head.destination = server->node().id();
      head.labels = {1};
      head.hop = 1;
      evil->begin(w.now(), link, {secure::secret32(ticket_of_evil.link_key), ticket_of_evil.grant}, head);
    };
  }
  /// As a member, through the relay or directly at the server.
  void flood_as_member(const host& by) {
    come_in(by, false);
    const bool relayed = &by == relay;
    const auto label = core::label_of(relay->node().id(), server->node().id(), {});
    attempt = [this, relayed, label] {
      wire::packet head;
      head.source = evil->made_up();
      head.destination = server->node().id();
      head.labels = {relayed ? label : std::uint16_t{1}};
      head.hop = relayed ? 0 : 1;
      evil->begin(w.now(), link, {w.network_key(), std::nullopt}, head);
    };
  }
  void expect_undisturbed() {
    EXPECT_EQ(client->count<core::session_over>() + server->count<core::session_over>(), 0u);
    EXPECT_EQ(client->count<core::link_down>(), 0u);
    auto& c = converse({1 << 20, 1 << 20});
    ASSERT_TRUE(flooding(20s, [&] { return c.over(); }));
    expect_intact(c);
  }
};

TEST_F(Spoof, guest_in_made_up_names_loses_its_link_and_keeps_nobody_out) {
  flood_as_guest();
  for (int i = 0; i < 6; ++i) {
    flooding(1s, [] { return false; });
    expect_newcomer(i % 2 ? *relay : *server, 1s);
  }
  expect_newcomer(*relay, 3s, true);
  EXPECT_EQ(evil->answers, 0u) << "no handshake was begun";
  EXPECT_GE(server->count<core::link_down>(), 3u);
  for (const auto& e : server->events())
    if (const auto* down = std::get_if<core::link_down>(&e)) {
      EXPECT_EQ(down->why, reason::protocol);
    }
  expect_undisturbed();
}

TEST_F(Spoof, guest_in_made_up_names_makes_no_work_however_often_it_tries) {
  flood_as_guest();
  for (const std::size_t seconds : {10u, 20u}) {
    flooding(std::chrono::seconds(seconds), [] { return false; });
    EXPECT_EQ(evil->answers, 0u) << evil->begun;
  }
  EXPECT_GE(evil->begun, 100u);
}

TEST_F(Spoof, member_in_made_up_names_keeps_nobody_out_through_the_same_relay) {
  flood_as_member(*relay);
  for (const auto& [count, interval] : {std::pair<std::size_t, duration>{1, 125ms}, {64, 1s}, {1, 5ms}}) {
    at_once = count;
    every = interval;
    next.reset();
    for (int i = 0; i < 2; ++i) {
      flooding(1200ms, [] { return false; });
      expect_newcomer(*relay, 1s);
      expect_newcomer(*server, 1s);
    }
    expect_newcomer(*relay, 3s, true);
  }
  EXPECT_TRUE(evil->is_up(link));
  expect_undisturbed();
}

TEST_F(Spoof, member_in_made_up_names_at_the_node_itself_keeps_nobody_out) {
  flood_as_member(*server);
  for (int i = 0; i < 3; ++i) {
    flooding(1200ms, [] { return false; });
    expect_newcomer(*relay, 1s);
    expect_newcomer(*server, 1s);
  }
  expect_newcomer(*server, 3s, true);
  expect_undisturbed();
}

/// Each attempt that is accepted is answered once.
TEST_F(Spoof, members_attempts_beyond_its_share_are_not_begun) {
  flood_as_member(*server);
  constexpr std::size_t a_second = core::half_open::most_of_link;  // each may be replaced after a second
  std::size_t before = 0;
  for (const std::size_t flood : {200u, 400u}) {
    at_once = flood;
    flooding(10s, [] { return false; });
    const auto answers = evil->answers - before;
    before = evil->answers;
    EXPECT_GE(answers, a_second);
    EXPECT_LE(answers, 11 * a_second) << flood << " a second";
  }
}

TEST_F(Spoof, nobody_speaks_in_the_nodes_own_name) {
  flood_as_member(*server);
  const auto as_usual = attempt;
  attempt = [this] {
    wire::packet head;
    head.source = head.destination = server->node().id();
    head.labels = {1};
    head.hop = 1;
    evil->begin(w.now(), link, {w.network_key(), std::nullopt}, head);
  };
  flooding(3s, [] { return false; });
  EXPECT_EQ(evil->answers, 0u);
  expect_undisturbed();
}

// ---- withdrawn tickets

struct Withdrawn : Spoof {
  void withdraw(const wire::ticket& ticket) {
    server->node().publish(w.now(), {"web"}, {}, {ticket.grant});
    w.kick(*server);
  }
  /// Refuses requests with that ticket, as its issuer does.
  void refuse(const wire::ticket& ticket) {
    server->on_event = [this, ticket, usual = server->on_event](const core::event& e) {
      const auto* asked = std::get_if<core::stream_incoming>(&e);
      if (asked == nullptr || asked->grant != ticket.grant) return usual(e);
      server->node().refuse(w.now(), asked->stream, reason::withdrawn, "");
    };
  }
  const core::link_down* parted(const host& h) const { return h.last<core::link_down>(); }
  host& newcomer(wire::ticket ticket, const host& by) {
    auto& h = w.add_guest("newcomer-" + std::to_string(++came));
    cable_up(h);
    said.serve(h);
    ticket.addresses = {at(by)};
    EXPECT_FALSE(h.node().add_ticket(w.now(), ticket));
    w.kick(h);
    EXPECT_TRUE(w.run(5s, [&] { return h.count<core::session_up>() > 0; }));
    return h;
  }
};

TEST_F(Withdrawn, guest_that_asks_for_nothing_is_parted_from_by_the_issuer_too) {
  withdraw(ticket_of_evil);
  auto& h = newcomer(ticket_of_evil, *server);
  ASSERT_TRUE(w.run(8s, [&] { return parted(h) != nullptr; }));
  EXPECT_EQ(parted(h)->why, reason::withdrawn);
  EXPECT_TRUE(parted(h)->told);
  EXPECT_EQ(h.count<core::session_over>(), 1u);
  EXPECT_EQ(h.last<core::session_over>()->why, reason::withdrawn);
}

TEST_F(Withdrawn, guest_is_refused_first_and_then_parted_from) {
  refuse(ticket_of_evil);
  auto& h = newcomer(ticket_of_evil, *server);
  w.run(3s);
  EXPECT_EQ(parted(h), nullptr) << "no request was made, and the issuer did not publish the withdrawal";
  const auto& c = said.open(h, server->node().peer(), {1000, 1000});
  ASSERT_TRUE(w.run(2s, [&] { return c.over(); }));
  EXPECT_EQ(c.asker.how, half::fate::refused);
  EXPECT_EQ(c.asker.why, reason::withdrawn);
  EXPECT_EQ(parted(h), nullptr) << "the refusal is sent first";
  ASSERT_TRUE(w.run(2s, [&] { return parted(h) != nullptr; }));
  EXPECT_EQ(parted(h)->why, reason::withdrawn);
}

TEST_F(Withdrawn, while_it_is_linked_its_link_ends_too) {
  auto& h = newcomer(ticket_of_evil, *server);
  w.run(20s);
  EXPECT_EQ(parted(h), nullptr);
  withdraw(ticket_of_evil);
  ASSERT_TRUE(w.run(8s, [&] { return parted(h) != nullptr; }));
  EXPECT_EQ(parted(h)->why, reason::withdrawn);
}

TEST_F(Withdrawn, another_good_ticket_keeps_the_link) {
  withdraw(ticket_of_evil);
  refuse(ticket_of_evil);
  auto& h = newcomer(ticket_of_evil, *server);
  auto good = tickets.front();
  good.addresses = {at(*server)};
  ASSERT_FALSE(h.node().add_ticket(w.now(), good));
  w.kick(h);
  w.run(60s);
  EXPECT_EQ(parted(h), nullptr);
}

TEST_F(Withdrawn, guests_of_other_tickets_notice_nothing) {
  auto& good = newcomer(tickets.front(), *server);
  refuse(ticket_of_evil);
  withdraw(ticket_of_evil);
  auto& h = newcomer(ticket_of_evil, *server);
  said.open(h, server->node().peer(), {1000, 1000});
  w.run(30s);
  EXPECT_NE(parted(h), nullptr);
  EXPECT_EQ(parted(good), nullptr);
  EXPECT_EQ(client->count<core::link_down>(), 0u);
  expect_intact(*[&] {
    auto& c = said.open(good, server->node().peer(), {1000, 1000});
    EXPECT_TRUE(w.run(10s, [&] { return c.over(); }));
    return &c;
  }());
}

}  // namespace
}  // namespace gof::test
