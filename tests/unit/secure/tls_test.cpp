#include "secure/tls.hpp"

#include "secure/numbers.hpp"
#include "secure/raw_peer.hpp"
#include "secure/to_bytes.hpp"

#include <gtest/gtest.h>

namespace gof::secure {
namespace {

using state = tls::state;

constexpr std::uint8_t change_cipher_spec = 20;  // the type of a record

struct Tls : testing::Test {
  numbers random;
  identity alice = identity::generate(random);
  identity bob = identity::generate(random);
};

void expect_same_keys(const session_keys& one, const session_keys& other) {
  EXPECT_EQ(one.aead, other.aead);
  EXPECT_TRUE(one.client_to_server.key == other.client_to_server.key);
  EXPECT_TRUE(one.client_to_server.iv == other.client_to_server.iv);
  EXPECT_TRUE(one.server_to_client.key == other.server_to_client.key);
  EXPECT_TRUE(one.server_to_client.iv == other.server_to_client.iv);
  EXPECT_TRUE(one.proof == other.proof);
  EXPECT_EQ(one.port_bits, other.port_bits);
}

TEST_F(Tls, gives_both_sides_the_same_keys_and_each_other) {
  tls client(alice, side::client);
  tls server(bob, side::server);

  const auto hello = client.poll_bytes();
  EXPECT_TRUE(server.poll_bytes().empty()) << "the client must send first";
  EXPECT_EQ(server.handle_bytes(hello), state::running);

  const auto answer = server.poll_bytes();
  EXPECT_EQ(client.handle_bytes(answer), state::done) << "though the server has not judged the client yet";
  EXPECT_EQ(server.status(), state::running);

  const auto last = client.poll_bytes();
  EXPECT_EQ(server.handle_bytes(last), state::done);
  EXPECT_TRUE(server.poll_bytes().empty()) << "no session tickets";
  EXPECT_TRUE(client.poll_bytes().empty());

  EXPECT_EQ(client.keys().peer, bob.id());
  EXPECT_EQ(server.keys().peer, alice.id());
  expect_same_keys(client.keys(), server.keys());
  EXPECT_EQ(client.keys().aead, aes_hardware() ? cipher::aes_128_gcm : cipher::chacha20_poly1305);
  EXPECT_LE(hello.size() + last.size(), 1200u);
  EXPECT_LE(answer.size(), 1200u) << "the answer fits into one packet";
}

TEST_F(Tls, pretends_nothing_to_middleboxes) {
  tls client(alice, side::client);
  tls server(bob, side::server);
  const auto expect_none = [](const bytes& flight) {
    for (std::size_t at = 0; at + 5 <= flight.size(); at += 5u + flight[at + 3] * 256u + flight[at + 4])
      EXPECT_NE(flight[at], change_cipher_spec);
  };
  const auto hello = client.poll_bytes();
  constexpr std::size_t session_id_length_at = 5 + 4 + 2 + 32;  // after record, message, version and random
  ASSERT_GT(hello.size(), session_id_length_at);
  EXPECT_EQ(hello[session_id_length_at], 0);
  server.handle_bytes(hello);
  const auto answer = server.poll_bytes();
  expect_none(answer);
  client.handle_bytes(answer);
  expect_none(client.poll_bytes());
}

TEST_F(Tls, takes_bytes_one_at_a_time) {
  tls client(alice, side::client);
  tls server(bob, side::server);
  for (int turn = 0; turn < 2; ++turn) {
    for (const auto byte : client.poll_bytes()) server.handle_bytes({&byte, 1});
    for (const auto byte : server.poll_bytes()) client.handle_bytes({&byte, 1});
  }
  ASSERT_EQ(client.status(), state::done) << client.failure();
  ASSERT_EQ(server.status(), state::done) << server.failure();
  expect_same_keys(client.keys(), server.keys());
}

TEST_F(Tls, gives_other_keys_each_time_and_for_each_use) {
  std::vector<secret32> seen;
  for (int i = 0; i < 2; ++i) {
    tls client(alice, side::client);
    tls server(bob, side::server);
    talk(client, server);
    const auto& keys = client.keys();
    for (const auto& key : {keys.client_to_server.key, keys.server_to_client.key, keys.proof}) {
      for (const auto& earlier : seen) EXPECT_FALSE(key == earlier);
      seen.push_back(key);
    }
    EXPECT_FALSE(keys.client_to_server.iv == keys.server_to_client.iv);
  }
}

TEST_F(Tls, settles_on_chacha20_where_either_side_lacks_aes) {
  for (const auto& [client_aes, server_aes] : {std::pair{true, false}, {false, true}, {false, false}}) {
    tls client(alice, side::client, client_aes);
    tls server(bob, side::server, server_aes);
    talk(client, server);
    ASSERT_EQ(server.status(), state::done) << server.failure();
    EXPECT_EQ(client.keys().aead, cipher::chacha20_poly1305);
    expect_same_keys(client.keys(), server.keys());
  }
}

TEST_F(Tls, takes_aes_where_both_sides_have_it) {
  tls client(alice, side::client, true);
  tls server(bob, side::server, true);
  talk(client, server);
  EXPECT_EQ(client.keys().aead, cipher::aes_128_gcm);
  expect_same_keys(client.keys(), server.keys());
}

TEST_F(Tls, works_between_two_nodes_of_one_peer) {
  tls client(alice, side::client);
  tls server(alice, side::server);
  talk(client, server);
  EXPECT_EQ(client.keys().peer, alice.id());
  EXPECT_EQ(server.keys().peer, alice.id());
}

TEST_F(Tls, exports_by_the_labels_and_context_written_down) {
  const raw_certificate shown("ED25519");
  raw_peer server(side::server, shown);
  tls client(alice, side::client);
  talk(client, server);
  ASSERT_EQ(client.status(), state::done) << client.failure();
  const auto& keys = client.keys();
  bytes context = to_bytes(alice.id().view());
  append(context, keys.peer.view());
  const auto exported = [&](std::string_view label, std::size_t size) {
    bytes out(size);
    EXPECT_EQ(SSL_export_keying_material(server.ssl(), out.data(), size, label.data(), label.size(),
                                         context.data(), context.size(), 1),
              1);
    return out;
  };
  bytes ours;
  for (const auto part :
       {keys.client_to_server.key.view(), keys.client_to_server.iv.view(), keys.server_to_client.key.view(),
        keys.server_to_client.iv.view(), keys.proof.view()})
    append(ours, part);
  EXPECT_EQ(ours, exported("EXPORTER-gof-v1", 120));
  EXPECT_EQ(to_bytes(keys.port_bits), exported("EXPORTER-gof-ports", 2));
}

/// Runs a handshake in which byte `at` of flight `flight` is changed (0: client's first, 1: server's, 2:
/// client's last). False: there is no such byte.
bool run_changed(tls& client, tls& server, int flight, std::size_t at, std::uint8_t change) {
  bool changed = false;
  const auto pass = [&](int number, tls& from, tls& to) {
    auto data = from.poll_bytes();
    if (number == flight && at < data.size()) {
      data[at] ^= change;
      changed = true;
    }
    if (!data.empty()) to.handle_bytes(data);
  };
  pass(0, client, server);
  pass(1, server, client);
  pass(2, client, server);
  pass(3, server, client);
  return changed;
}

TEST_F(Tls, never_ends_with_different_keys_when_a_byte_is_changed) {
  for (int flight = 0; flight < 3; ++flight) {
    std::size_t at = 0;
    std::size_t finished = 0;
    for (;; ++at) {
      tls client(alice, side::client);
      tls server(bob, side::server);
      if (!run_changed(client, server, flight, at, static_cast<std::uint8_t>(1 + random.below(255)))) break;
      if (client.status() != state::done || server.status() != state::done) continue;
      ++finished;
      expect_same_keys(client.keys(), server.keys());
      EXPECT_EQ(client.keys().peer, bob.id());
      EXPECT_EQ(server.keys().peer, alice.id());
    }
    EXPECT_GT(at, 100u) << "flight " << flight;
    EXPECT_LE(finished, 10u) << "only a record's version field is free, in flight " << flight;
  }
}

}  // namespace
}  // namespace gof::secure
