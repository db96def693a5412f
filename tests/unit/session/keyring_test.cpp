#include "session/keyring.hpp"

#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

using wire::frame_type;

struct sealed_packet {
  wire::packet head;
  bytes data;
};

struct Keyring : testing::Test {
  test::seeded_random random{5};
  secure::identity alice = secure::identity::generate(random);
  secure::identity bob = secure::identity::generate(random);
  session_credentials with;
  instant now{1000s};
  keyring client{alice, random};
  keyring server{bob, random};

  /// Passes on the CRYPTO messages that `from` has to send. True: an attempt began at `to`.
  bool carry(keyring& from, keyring& to) const {
    bool began = false;
    while (const auto message = from.poll_crypto(now, {}, {}))
      began = to.handle_crypto(now, *message, with) || began;
    return began;
  }

  sealed_packet seal(keyring& from, std::string_view text = "hello") const {
    auto* keys = from.sending();
    sealed_packet p;
    p.head.phase = keys->phase();
    p.head.number = keys->take_number();
    p.data.resize(1 + text.size() + secure::tag_size);
    from.seal(p.head, frame_type::relay_control, 7, as_bytes(text), p.data);
    return p;
  }
  static keyset* open(keyring& at, sealed_packet p) {
    return at.open(p.head, frame_type::relay_control, p.data);
  }

  /// Both ends have made the next keys, and neither has sent under them.
  void agree() {
    client.begin(now, with);
    ASSERT_TRUE(carry(client, server));
    carry(server, client);
    ASSERT_NE(client.agreed(), nullptr);
    client.adopt();
    carry(client, server);
    ASSERT_NE(server.agreed(), nullptr);
    server.adopt();
  }
  /// Sends the client's HELLO, then the server's.
  void greet() {
    auto& first = client.newest();
    wire::packet head;
    head.phase = first.phase();
    head.number = first.take_number();
    bytes hello(1 + secure::tag_size);
    first.seal(head, frame_type::relay_control, 0, {}, hello);
    auto* under = server.open(head, frame_type::relay_control, hello);
    ASSERT_TRUE(under != nullptr && server.is_next(*under));
    server.promote(now);
    under = open(client, seal(server));
    ASSERT_TRUE(under != nullptr && client.is_next(*under));
    client.promote(now);
  }
};

TEST_F(Keyring, climbs_from_an_attempt_to_keys_at_both_ends) {
  client.begin(now, with);
  EXPECT_TRUE(carry(client, server)) << "an attempt began";
  EXPECT_FALSE(carry(server, client));
  ASSERT_NE(client.agreed(), nullptr);
  EXPECT_EQ(client.agreed()->peer, bob.id());
  EXPECT_EQ(client.sending(), nullptr);
  EXPECT_EQ(client.adopt().role(), secure::side::client);
  EXPECT_EQ(client.agreed(), nullptr) << "the keys were adopted";
  EXPECT_NE(client.sending(), nullptr) << "there are no older keys";
  carry(client, server);
  ASSERT_NE(server.agreed(), nullptr);
  EXPECT_EQ(server.agreed()->peer, alice.id());
  server.adopt();
  auto* under = open(server, seal(client));
  ASSERT_TRUE(under != nullptr && server.is_next(*under));
  EXPECT_FALSE(server.has_current());
  server.promote(now);
  EXPECT_TRUE(server.has_current());
  under = open(client, seal(server));
  ASSERT_TRUE(under != nullptr && client.is_next(*under));
  client.promote(now);
  EXPECT_FALSE(client.is_next(*client.sending()));
}

TEST_F(Keyring, wants_new_keys_after_an_hour_at_the_client) {
  agree();
  EXPECT_FALSE(client.renewal()) << "the attempt lasts until the server has answered";
  greet();
  EXPECT_EQ(client.renewal(), now + keyring::key_lifetime);
  EXPECT_FALSE(server.renewal());
  EXPECT_FALSE(client.poll_timeout());
  EXPECT_FALSE(server.poll_timeout());
}

TEST_F(Keyring, seals_under_the_current_keys_until_the_next_are_confirmed) {
  agree();
  greet();
  const auto old_phase = client.sending()->phase();
  agree();
  EXPECT_EQ(client.sending()->phase(), old_phase);
  EXPECT_NE(client.newest().phase(), old_phase);
  EXPECT_NE(open(server, seal(client)), nullptr);
  greet();
  EXPECT_NE(client.sending()->phase(), old_phase);
}

TEST_F(Keyring, opens_under_the_previous_keys_for_a_while) {
  agree();
  greet();
  const auto early = seal(client);
  const auto late = seal(client);
  agree();
  greet();
  EXPECT_NE(open(server, early), nullptr);
  EXPECT_EQ(server.poll_timeout(), now + keyring::old_keys_time);
  server.handle_timeout(now + keyring::old_keys_time);
  EXPECT_EQ(open(server, late), nullptr);
  EXPECT_FALSE(server.poll_timeout());
}

TEST_F(Keyring, opens_each_packet_once) {
  agree();
  greet();
  const auto packet = seal(client);
  auto altered = packet;
  altered.data[0] ^= 1;
  EXPECT_EQ(open(server, altered), nullptr);
  EXPECT_NE(open(server, packet), nullptr);
  EXPECT_EQ(open(server, packet), nullptr);
}

/// A restarted node does not know which key phases its former process used.
TEST_F(Keyring, tells_keys_of_one_phase_apart) {
  agree();
  greet();
  const auto before = seal(client, "before");
  keyring again(alice, random);
  for (again.begin(now, with);; again.begin(now, with)) {
    const auto message = again.poll_crypto(now, {}, {});
    if ((message->attempt.value.back() & 3) != server.sending()->phase()) continue;
    EXPECT_TRUE(server.handle_crypto(now, *message, with));
    break;
  }
  carry(server, again);
  again.adopt();
  carry(again, server);
  server.adopt();
  auto* under = open(server, seal(again, "after"));
  ASSERT_TRUE(under != nullptr && server.is_next(*under));
  under = open(server, before);
  ASSERT_TRUE(under != nullptr && !server.is_next(*under));
  server.drop_current();
  server.promote(now);
  EXPECT_EQ(open(server, seal(client)), nullptr) << "the client's session is over";
}

TEST_F(Keyring, keeps_the_smaller_attempt_when_both_begin) {
  client.begin(now, with);
  server.begin(now, with);
  const auto of_client = client.poll_crypto(now, {}, {});
  const auto of_server = server.poll_crypto(now, {}, {});
  const bool clients_is_smaller = of_client->attempt < of_server->attempt;
  EXPECT_EQ(server.handle_crypto(now, *of_client, with), clients_is_smaller);
  EXPECT_EQ(client.handle_crypto(now, *of_server, with), !clients_is_smaller);
}

TEST_F(Keyring, lets_nobody_but_a_client_begin) {
  client.begin(now, with);
  carry(client, server);
  const auto answer = server.poll_crypto(now, {}, {});
  ASSERT_TRUE(answer);
  keyring other(alice, random);
  EXPECT_FALSE(other.handle_crypto(now, *answer, with));
  EXPECT_FALSE(other.poll_timeout()) << "no attempt began";
}

TEST_F(Keyring, tells_why_an_attempt_failed) {
  client.begin(now, with);
  auto message = client.poll_crypto(now, {}, {});
  message->piece.assign(message->piece.size(), 0);
  EXPECT_TRUE(server.handle_crypto(now, *message, with));
  ASSERT_NE(server.failure(), nullptr);
  EXPECT_FALSE(server.failure()->empty());
  server.drop_attempt();
  EXPECT_EQ(server.failure(), nullptr);
}

TEST_F(Keyring, gives_an_attempt_ten_seconds_and_tries_again_ten_later) {
  client.begin(now, with);
  EXPECT_FALSE(client.drop_expired(now + 9900ms));
  EXPECT_TRUE(client.drop_expired(now + 10s));
  EXPECT_EQ(client.renewal(), now + 20s);
  EXPECT_FALSE(client.poll_crypto(now + 10s, {}, {}));
}

TEST_F(Keyring, wears_out) {
  agree();
  greet();
  auto& keys = *client.sending();
  while (keys.sealed() < keyring::packets_per_key - 1) keys.take_number();
  client.renew_if_worn();
  EXPECT_GT(client.renewal(), now);
  keys.take_number();
  client.renew_if_worn();
  EXPECT_LT(client.renewal(), now);
  EXPECT_FALSE(client.is_worn_out());
  while (keys.sealed() < keyring::most_packets) keys.take_number();
  EXPECT_TRUE(client.is_worn_out());
}

}  // namespace
}  // namespace gof::core
