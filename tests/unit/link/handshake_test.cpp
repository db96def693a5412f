#include "link/handshake.hpp"

#include "link_keys.hpp"
#include "secure/crypto_mac.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

using outcome = handshake::outcome;

struct Handshake : testing::Test, link_keys {
  instant now{100s};
  crypto_credentials network{network_key, wire::crypto::key_kind::network, {}};
  handshake dialler{alice, secure::side::client, network};
  handshake listener{bob, secure::side::server, network};

  handshake::attempt_id attempt() { return random.draw<handshake::attempt_id>(); }

  /// Passes on all that `from` has to send, and returns the outcome of its last frame.
  outcome carry(handshake& from, handshake& to) const {
    auto data = from.poll_transmit(now);
    EXPECT_FALSE(data.empty());
    frame_reader in;
    in.handle_bytes(data);
    auto came_to = outcome::goes_on;
    while (const auto f = in.take_frame()) came_to = to.handle_crypto(now, f->payload);
    return came_to;
  }

  /// The dialler starts, and the listener follows.
  void agree() {
    dialler.start(now, attempt());
    EXPECT_EQ(carry(dialler, listener), outcome::goes_on);
    EXPECT_EQ(carry(listener, dialler), outcome::agreed);
    EXPECT_EQ(carry(dialler, listener), outcome::agreed);
    EXPECT_TRUE(listener.poll_transmit(now).empty());
    EXPECT_TRUE(dialler.poll_transmit(now).empty());
  }
};

TEST_F(Handshake, gives_both_ends_the_same_keys_and_the_others_name) {
  EXPECT_FALSE(dialler.is_under_way());
  agree();
  EXPECT_TRUE(dialler.is_agreed() && listener.is_agreed());
  EXPECT_TRUE(dialler.keys().proof == listener.keys().proof);
  EXPECT_EQ(dialler.keys().peer, bob.id());
  EXPECT_EQ(listener.keys().peer, alice.id());
}

TEST_F(Handshake, is_the_same_attempt_when_both_ends_start_by_themselves) {
  const auto same = attempt();
  dialler.start(now, same);
  listener.start(now, same);
  EXPECT_TRUE(listener.poll_transmit(now).empty()) << "the dialler must send first";
  EXPECT_EQ(carry(dialler, listener), outcome::goes_on);
  EXPECT_EQ(carry(listener, dialler), outcome::agreed);
  EXPECT_EQ(carry(dialler, listener), outcome::agreed);
}

TEST_F(Handshake, gives_other_keys_the_next_time) {
  agree();
  const auto first = dialler.keys().proof;
  dialler.finish();
  listener.finish();
  EXPECT_FALSE(listener.is_under_way());
  agree();
  EXPECT_FALSE(dialler.keys().proof == first);
}

TEST_F(Handshake, is_started_by_no_one_but_the_dialler) {
  handshake other(bob, secure::side::client, network);
  other.start(now, attempt());
  EXPECT_EQ(carry(other, dialler), outcome::goes_on);
  EXPECT_FALSE(dialler.is_under_way());
}

TEST_F(Handshake, fails_without_the_key) {
  auto wrong = network;
  wrong.key.writable()[0] ^= 1;
  handshake stranger(alice, secure::side::client, wrong);
  stranger.start(now, attempt());
  EXPECT_EQ(carry(stranger, listener), outcome::failed);
  EXPECT_EQ(listener.failure(), "a malformed handshake message");
  EXPECT_FALSE(listener.is_under_way());
}

TEST_F(Handshake, fails_with_what_is_no_message) {
  dialler.start(now, attempt());
  EXPECT_EQ(dialler.handle_crypto(now, as_bytes("CRYPTO")), outcome::failed);
}

TEST_F(Handshake, tells_the_other_side_why_it_failed) {
  dialler.start(now, attempt());
  auto data = dialler.poll_transmit(now);
  auto message = wire::crypto::decode(const_bytes(data).subspan(wire::frame::prefix_size));
  ASSERT_TRUE(message);
  message->piece.at(5) = 0xff;  // no valid handshake message, in a valid record
  secure::sign(network.key, *message, wire::frame_type::crypto, {}, {});
  EXPECT_EQ(listener.handle_crypto(now, message->encode()), outcome::failed);
  EXPECT_EQ(listener.failure().rfind("the handshake failed: ", 0), 0u) << listener.failure();
  EXPECT_EQ(carry(listener, dialler), outcome::failed) << "because of the alert";
}

TEST_F(Handshake, names_the_grant_whose_key_it_shows) {
  const auto with = guest();
  handshake own(alice, secure::side::client, {with.key, wire::crypto::key_kind::guest, with.grant});
  own.start(now, attempt());
  const auto data = own.poll_transmit(now);
  EXPECT_EQ(names_of_frames(data), "CRYPTO");
  const auto message = wire::crypto::decode(const_bytes(data).subspan(wire::frame::prefix_size));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->key, wire::crypto::key_kind::guest);
  EXPECT_EQ(message->grant, with.grant);
}

}  // namespace
}  // namespace gof::core
