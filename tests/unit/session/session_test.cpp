#include "session/session.hpp"

#include "secure/derive.hpp"
#include "support/polling.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace gof::core {
namespace {

using wire::frame_type;
using wire::reason;
using wire::session_frame;

/// One end with the events it reported, and its packets under way.
struct end {
  secure::identity identity;
  instance_id instance;
  node_id node;
  std::optional<core::session> session;
  std::vector<session::event> events;
  std::vector<std::string> packets;

  template <class Event>
  const Event* find() const {
    return test::first_of<Event>(events);
  }
  template <class Event>
  std::size_t count() const {
    return test::count_of<Event>(events);
  }
};

secure::mac16 proof_in(const end& at) {
  return at.session->token_proof(secure::secret32(bytes(32, 7)), grant_id(bytes(16, 3)));
}

struct Session : ::testing::Test {
  test::seeded_random random{11};
  instant now{1000s};
  session_credentials credentials = [this] {
    session_credentials with;
    random.fill(with.crypto_key.writable());
    return with;
  }();
  end client = make_end();
  end server = make_end();
  bool lose = false;

  end make_end() {
    auto identity = secure::identity::generate(random);
    const auto instance = random.draw<instance_id>();
    const auto node = secure::node_of(identity.id(), instance);
    return {std::move(identity), instance, node, {}, {}, {}};
  }

  void begin(duration client_survive = 60s, duration server_survive = 60s, host_id client_host = {},
             host_id server_host = {}) {
    client.session.emplace(session::config{client.identity, client.instance, client.node, server.node,
                                           "client", client_survive, client_host},
                           random);
    server.session.emplace(session::config{server.identity, server.instance, server.node, client.node,
                                           "server", server_survive, server_host},
                           random);
    client.session->handle_path(now, true);
    server.session->handle_path(now, true);
  }

  void connect() { client.session->connect(now, server.identity.id(), credentials); }

  static void drain(end& at) {
    while (auto e = at.session->poll_event()) {
      at.events.push_back(std::move(*e));
    }
  }

  void deliver(end& to, const session::control& c, frame_type type, bytes sealed) const {
    if (c.clear) {
      const auto message = wire::crypto::decode(c.body);
      ASSERT_TRUE(message.has_value());
      if (secure::verify(credentials.crypto_key, *message, type, c.head.source, c.head.destination))
        to.session->handle_crypto(now, *message, credentials);
    } else {
      const auto opened = to.session->handle_packet(now, type, c.head, sealed);
      if (opened.sctp) to.packets.emplace_back(as_text(*opened.sctp));
    }
    drain(to);
  }

  bool carry(end& from, end& to) {
    const auto c = from.session->poll_control(now);
    if (!c) return false;
    bytes sealed;
    if (!c->clear) {
      sealed.resize(1 + c->body.size() + secure::tag_size);
      from.session->seal(c->head, frame_type::relay_control, c->kind, c->body, sealed);
    }
    if (!lose) deliver(to, *c, frame_type::relay_control, std::move(sealed));
    return true;
  }

  void settle() {
    test::until_silent([&] { return carry(client, server); }, [&] { return carry(server, client); });
    drain(client);
    drain(server);
  }

  /// Passes time in steps of 50 ms.
  void pass(duration how_long) {
    for (const auto until = now + how_long; now < until;) {
      now += 50ms;
      client.session->handle_timeout(now);
      server.session->handle_timeout(now);
      settle();
    }
  }

  struct sealed_packet {
    wire::packet head;
    bytes data;
  };

  static sealed_packet seal(end& from, std::string_view text) {
    sealed_packet p;
    p.head = from.session->next_head();
    p.data.resize(1 + text.size() + secure::tag_size);
    from.session->seal(p.head, frame_type::relay_data, session_frame::sctp, as_bytes(text), p.data);
    return p;
  }

  void take(end& to, sealed_packet p) {
    const auto opened = to.session->handle_packet(now, frame_type::relay_data, p.head, p.data);
    if (opened.sctp) to.packets.emplace_back(as_text(*opened.sctp));
    drain(to);
  }
};

TEST_F(Session, is_established_at_both_ends_with_the_keys_proved) {
  begin();
  connect();
  settle();
  const auto* up = client.find<session::established>();
  ASSERT_NE(up, nullptr);
  EXPECT_EQ(up->peer, server.identity.id());
  EXPECT_TRUE(up->is_client);
  const auto* other = server.find<session::established>();
  ASSERT_NE(other, nullptr);
  EXPECT_EQ(other->peer, client.identity.id());
  EXPECT_EQ(other->port, up->port);
  EXPECT_GE(up->port, 1024);
  EXPECT_EQ(client.session->name(), "server");
  EXPECT_EQ(other->name, "client");
  EXPECT_EQ(proof_in(client), proof_in(server));
}

TEST_F(Session, carries_packets_and_takes_each_once) {
  begin();
  connect();
  settle();
  const auto first = seal(client, "one");
  const auto second = seal(client, "two");
  take(server, second);
  take(server, first);
  take(server, first);
  take(server, second);
  EXPECT_EQ(server.packets, (std::vector<std::string>{"two", "one"}));
}

TEST_F(Session, drops_what_was_altered_and_goes_on) {
  begin();
  connect();
  settle();
  const auto good = seal(client, "good");
  for (std::size_t i = 0; i < good.data.size(); ++i) {
    auto bad = good;
    bad.data[i] ^= 1;
    take(server, bad);
  }
  auto redirected = good;
  redirected.head.source = server.node;
  take(server, redirected);
  EXPECT_TRUE(server.packets.empty());
  take(server, good);
  EXPECT_EQ(server.packets.size(), 1u);
  EXPECT_EQ(server.count<session::over>(), 0u);
}

TEST_F(Session, ends_when_another_key_answers) {
  begin();
  client.session->connect(now, client.identity.id(), credentials);
  settle();
  const auto* over = client.find<session::over>();
  ASSERT_NE(over, nullptr);
  EXPECT_EQ(over->why, reason::identity);
  EXPECT_EQ(client.find<session::established>(), nullptr);
}

TEST_F(Session, ends_when_the_node_is_not_the_one_its_packets_name) {
  server.instance = random.draw<instance_id>();
  begin();
  connect();
  settle();
  const auto* over = client.find<session::over>();
  ASSERT_NE(over, nullptr);
  EXPECT_EQ(over->why, reason::identity);
}

TEST_F(Session, gives_up_an_attempt_after_ten_seconds_of_silence) {
  begin();
  lose = true;
  connect();
  pass(9900ms);
  EXPECT_EQ(client.find<session::over>(), nullptr);
  pass(100ms);
  EXPECT_NE(client.find<session::over>(), nullptr);
}

TEST_F(Session, comes_up_through_a_path_that_loses_two_seconds) {
  begin();
  lose = true;
  connect();
  pass(2s);
  lose = false;
  pass(2s);
  EXPECT_NE(client.find<session::established>(), nullptr);
  EXPECT_NE(server.find<session::established>(), nullptr);
}

TEST_F(Session, lets_the_smaller_attempt_win_when_both_begin) {
  begin();
  connect();
  server.session->connect(now, client.identity.id(), credentials);
  settle();
  pass(1s);
  ASSERT_NE(client.find<session::established>(), nullptr);
  ASSERT_NE(server.find<session::established>(), nullptr);
  EXPECT_EQ(client.count<session::established>(), 1u);
  EXPECT_NE(client.find<session::established>()->is_client, server.find<session::established>()->is_client);
  take(server, seal(client, "there"));
  take(client, seal(server, "back"));
  EXPECT_EQ(server.packets.size() + client.packets.size(), 2u);
}

TEST_F(Session, takes_new_keys_after_an_hour_and_still_opens_what_was_sealed_before) {
  begin();
  connect();
  settle();
  const auto proof = proof_in(client);
  const auto old_packet = seal(client, "old");
  for (int hour = 0; hour < 3; ++hour) {
    now += keyring::key_lifetime;
    client.session->handle_timeout(now);
    settle();
  }
  pass(1s);
  EXPECT_EQ(proof_in(client), proof);
  EXPECT_EQ(proof_in(server), proof);
  EXPECT_EQ(client.count<session::established>(), 1u);
  EXPECT_EQ(server.count<session::established>(), 1u);
  const auto before = seal(client, "before");
  now += keyring::key_lifetime;
  client.session->handle_timeout(now);
  settle();
  EXPECT_NE(seal(client, "x").head.phase, before.head.phase);
  take(server, before);
  EXPECT_EQ(server.packets, (std::vector<std::string>{"before"}));
  pass(keyring::old_keys_time);
  take(server, old_packet);
  EXPECT_EQ(server.packets.size(), 1u);
}

TEST_F(Session, is_over_when_the_other_node_begins_a_new_one) {
  begin();
  connect();
  settle();
  client.session.emplace(
      session::config{client.identity, client.instance, client.node, server.node, "client", 60s}, random);
  client.session->handle_path(now, true);
  client.events.clear();
  connect();
  settle();
  const auto* over = server.find<session::over>();
  ASSERT_NE(over, nullptr);
  EXPECT_TRUE(over->renewed);
  EXPECT_EQ(server.count<session::established>(), 2u);
  take(server, seal(client, "new"));
  EXPECT_EQ(server.packets, (std::vector<std::string>{"new"}));
}

TEST_F(Session, survives_a_gap_shorter_than_both_ends_allow) {
  begin(60s, 20s);
  connect();
  settle();
  client.session->handle_demand(now, pathwatch::demand::kept);
  server.session->handle_demand(now, pathwatch::demand::kept);
  pass(5s);
  client.session->handle_path(now, false);
  server.session->handle_path(now, false);
  pass(15s);
  client.session->handle_path(now, true);
  server.session->handle_path(now, true);
  pass(1s);
  EXPECT_NE(client.find<session::lost>(), nullptr);
  EXPECT_NE(client.find<session::resumed>(), nullptr);
  EXPECT_EQ(client.find<session::over>(), nullptr);
}

TEST_F(Session, is_over_at_both_ends_after_the_smaller_survive) {
  begin(60s, 20s);
  connect();
  settle();
  client.session->handle_demand(now, pathwatch::demand::kept);
  server.session->handle_demand(now, pathwatch::demand::kept);
  pass(5s);
  client.session->handle_path(now, false);
  server.session->handle_path(now, false);
  pass(20s);
  ASSERT_NE(client.find<session::over>(), nullptr);
  ASSERT_NE(server.find<session::over>(), nullptr);
  EXPECT_EQ(client.find<session::over>()->why, reason::survived_out);
}

TEST_F(Session, tells_a_dead_path_within_five_seconds_though_the_link_stands) {
  begin();
  connect();
  settle();
  client.session->handle_demand(now, pathwatch::demand::kept);
  pass(3s);
  lose = true;
  pass(5s);
  EXPECT_NE(client.find<session::doubtful>(), nullptr);
  EXPECT_NE(client.find<session::lost>(), nullptr);
}

TEST_F(Session, needs_no_timer_while_nobody_asks_for_it) {
  begin();
  connect();
  settle();
  pass(40s);
  const auto due = server.session->poll_timeout();
  EXPECT_FALSE(due.has_value());
  ASSERT_TRUE(client.session->poll_timeout().has_value());
  EXPECT_GT(*client.session->poll_timeout(), now + 50min);  // due for the next keys
}

TEST_F(Session, tells_the_other_side_why_it_closes) {
  begin();
  connect();
  settle();
  client.session->close(reason::shutdown);
  settle();
  ASSERT_NE(server.find<session::over>(), nullptr);
  EXPECT_EQ(server.find<session::over>()->why, reason::shutdown);
}

TEST_F(Session, knows_an_other_end_on_its_own_host_and_no_other) {
  const host_id here(bytes(host_id::size, 1)), elsewhere(bytes(host_id::size, 2)), unknown;
  const struct {
    host_id client, server;
    bool same;
  } cases[] = {{here, here, true},
               {here, elsewhere, false},
               {here, unknown, false},
               {unknown, here, false},
               {unknown, unknown, false}};
  for (const auto& c : cases) {
    begin(60s, 60s, c.client, c.server);
    connect();
    settle();
    ASSERT_TRUE(client.session->is_confirmed());
    EXPECT_EQ(client.session->is_same_host(), c.same);
    EXPECT_EQ(server.session->is_same_host(), c.same);
    pass(61min);  // time for new keys and new hellos
    EXPECT_EQ(client.session->is_same_host(), c.same);
    EXPECT_EQ(server.session->is_same_host(), c.same);
  }
}

}  // namespace
}  // namespace gof::core
