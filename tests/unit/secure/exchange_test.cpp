#include "secure/exchange.hpp"

#include "secure/numbers.hpp"
#include "secure/raw_peer.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace gof::secure {
namespace {

using state = tls::state;
using delivery = exchange::delivery;

const instant start = instant{} + 1000s;
const exchange::attempt_id attempt(bytes(8, 9));

struct Exchange : testing::Test {
  numbers random;
  identity alice = identity::generate(random);
  identity bob = identity::generate(random);

  exchange client(delivery path) { return {start, alice, side::client, attempt, path}; }
  exchange server(delivery path) { return {start, bob, side::server, attempt, path}; }
};

std::vector<wire::crypto> all_of(exchange& from, instant now) {
  std::vector<wire::crypto> out;
  while (auto message = from.poll_crypto(now)) out.push_back(*message);
  return out;
}

/// Passes on all that `from` has to send, and returns the number of messages.
std::size_t pass(exchange& from, exchange& to, instant now) {
  const auto messages = all_of(from, now);
  for (const auto& message : messages) to.handle_crypto(now, message);
  return messages.size();
}

void expect_same_proof(const exchange& one, const exchange& other) {
  ASSERT_EQ(one.status(), state::done) << one.failure();
  ASSERT_EQ(other.status(), state::done) << other.failure();
  EXPECT_TRUE(one.keys().proof == other.keys().proof);
}

TEST_F(Exchange, takes_three_messages_and_no_timer_on_a_reliable_path) {
  auto one = client(delivery::reliable);
  auto other = server(delivery::reliable);
  EXPECT_EQ(all_of(other, start).size(), 0u);
  EXPECT_EQ(pass(one, other, start), 1u);
  EXPECT_FALSE(one.poll_timeout());
  EXPECT_EQ(pass(other, one, start), 1u);
  EXPECT_EQ(one.status(), state::done);
  EXPECT_EQ(pass(one, other, start), 1u);
  EXPECT_EQ(pass(other, one, start), 0u);
  EXPECT_FALSE(one.poll_timeout());
  EXPECT_FALSE(other.poll_timeout());
  expect_same_proof(one, other);
  EXPECT_EQ(one.keys().peer, bob.id());
  EXPECT_EQ(other.keys().peer, alice.id());
}

TEST_F(Exchange, ends_with_an_acknowledgement_on_a_lossy_path) {
  auto one = client(delivery::lossy);
  auto other = server(delivery::lossy);
  EXPECT_EQ(pass(one, other, start), 1u);
  EXPECT_EQ(pass(other, one, start), 1u);
  EXPECT_EQ(pass(one, other, start), 1u);
  EXPECT_TRUE(one.poll_timeout()) << "the last flight is not acknowledged yet";
  EXPECT_FALSE(other.poll_timeout()) << "the client's last flight acknowledged the server's";
  const auto last = all_of(other, start);
  ASSERT_EQ(last.size(), 1u);
  EXPECT_TRUE(last[0].piece.empty());
  one.handle_crypto(start, last[0]);
  EXPECT_FALSE(one.poll_timeout());
  EXPECT_EQ(pass(one, other, start), 0u) << "an acknowledgement is not acknowledged";
  expect_same_proof(one, other);
}

TEST_F(Exchange, says_what_the_wire_asks_for) {
  auto one = client(delivery::lossy);
  auto other = server(delivery::lossy);
  const auto first = one.poll_crypto(start);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->attempt, attempt);
  EXPECT_EQ(first->role, 0);
  EXPECT_EQ(first->offset, 0);
  EXPECT_EQ(first->acknowledged, 0);
  other.handle_crypto(start, *first);
  const auto second = other.poll_crypto(start);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->role, 1);
  EXPECT_EQ(second->offset, 0);
  EXPECT_EQ(second->acknowledged, first->piece.size());
}

TEST_F(Exchange, repeats_after_half_a_second_then_one_then_two) {
  auto one = client(delivery::lossy);
  const auto first = one.poll_crypto(start);
  ASSERT_TRUE(first);
  for (const auto at : {500ms, 1500ms, 3500ms, 5500ms, 7500ms, 9500ms}) {
    ASSERT_EQ(one.poll_timeout(), start + at);
    one.handle_timeout(start + at - 1ns);
    EXPECT_FALSE(one.poll_crypto(start + at - 1ns));
    one.handle_timeout(start + at);
    const auto again = one.poll_crypto(start + at);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->offset, 0);
    EXPECT_EQ(again->piece, first->piece);
    EXPECT_FALSE(one.poll_crypto(start + at));
  }
  const auto end = *one.poll_timeout();
  one.handle_timeout(end);
  EXPECT_FALSE(one.poll_crypto(end)) << "given up after 10 s";
  EXPECT_FALSE(one.poll_timeout());
}

TEST_F(Exchange, acknowledges_a_repeat_of_the_last_flight_when_its_acknowledgement_was_lost) {
  auto one = client(delivery::lossy);
  auto other = server(delivery::lossy);
  pass(one, other, start);
  pass(other, one, start);
  pass(one, other, start);
  EXPECT_EQ(all_of(other, start).size(), 1u);  // the acknowledgement, which is lost
  const auto later = *one.poll_timeout();
  one.handle_timeout(later);
  EXPECT_EQ(pass(one, other, later), 1u);
  EXPECT_EQ(pass(other, one, later), 1u);
  EXPECT_FALSE(one.poll_timeout());
  expect_same_proof(one, other);
}

TEST_F(Exchange, answers_a_repeat_at_once_but_once_before_its_timer) {
  auto one = client(delivery::lossy);
  auto other = server(delivery::lossy);
  const auto hello = *one.poll_crypto(start);
  other.handle_crypto(start, hello);
  const auto answer = *other.poll_crypto(start);
  other.handle_crypto(start + 100ms, hello);
  const auto again = all_of(other, start + 100ms);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].piece, answer.piece);
  other.handle_crypto(start + 200ms, hello);
  const auto third = all_of(other, start + 200ms);
  ASSERT_EQ(third.size(), 1u);
  EXPECT_TRUE(third[0].piece.empty()) << "a few bytes must not each be answered by a flight";
}

TEST_F(Exchange, orders_pieces_by_offset_and_trims_what_overlaps) {
  auto one = client(delivery::lossy);
  auto other = server(delivery::lossy);
  const auto whole = *one.poll_crypto(start);
  const auto cut = [&](std::size_t from, std::size_t to) {
    auto piece = whole;
    piece.offset = static_cast<std::uint16_t>(from);
    piece.piece.assign(whole.piece.begin() + from, whole.piece.begin() + to);
    return piece;
  };
  const auto size = whole.piece.size();
  other.handle_crypto(start, cut(50, size));
  EXPECT_TRUE(all_of(other, start).empty()) << "after a gap: neither kept nor acknowledged";
  other.handle_crypto(start, cut(0, 60));
  const auto part = all_of(other, start);
  ASSERT_EQ(part.size(), 1u);
  EXPECT_EQ(part[0].acknowledged, 60);
  EXPECT_TRUE(part[0].piece.empty());
  other.handle_crypto(start, cut(20, 40));  // received before
  other.handle_crypto(start, cut(40, size));
  pass(other, one, start);
  pass(one, other, start);
  expect_same_proof(one, other);
}

TEST_F(Exchange, repeats_only_what_is_not_acknowledged) {
  auto one = client(delivery::lossy);
  const auto whole = *one.poll_crypto(start);
  wire::crypto acknowledgement;
  acknowledgement.attempt = attempt;
  acknowledgement.role = 1;
  acknowledgement.acknowledged = 70;
  one.handle_crypto(start + 400ms, acknowledgement);
  ASSERT_EQ(one.poll_timeout(), start + 900ms);
  one.handle_timeout(start + 900ms);
  const auto rest = one.poll_crypto(start + 900ms);
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->offset, 70);
  EXPECT_EQ(rest->piece, bytes(whole.piece.begin() + 70, whole.piece.end()));
}

TEST_F(Exchange, starts_its_waits_anew_after_progress) {
  auto one = client(delivery::lossy);
  one.poll_crypto(start);
  one.handle_timeout(start + 500ms);
  one.poll_crypto(start + 500ms);
  wire::crypto acknowledgement;
  acknowledgement.attempt = attempt;
  acknowledgement.role = 1;
  acknowledgement.acknowledged = 70;
  one.handle_crypto(start + 600ms, acknowledgement);
  EXPECT_EQ(one.poll_timeout(), start + 1100ms);
  one.handle_timeout(start + 1100ms);
  one.poll_crypto(start + 1100ms);
  EXPECT_EQ(one.poll_timeout(), start + 2100ms);
}

TEST_F(Exchange, ignores_acknowledgements_of_what_it_never_said) {
  auto one = client(delivery::lossy);
  wire::crypto lie;
  lie.attempt = attempt;
  lie.role = 1;
  lie.acknowledged = 100;
  one.handle_crypto(start, lie);  // when nothing was polled yet
  const auto whole = *one.poll_crypto(start);
  EXPECT_EQ(whole.offset, 0);
  lie.acknowledged = 65'535;
  one.handle_crypto(start, lie);
  EXPECT_EQ(one.poll_timeout(), start + 500ms);
}

TEST_F(Exchange, ignores_other_attempts_and_its_own_role) {
  auto one = client(delivery::lossy);
  auto other = server(delivery::lossy);
  auto hello = *one.poll_crypto(start);
  auto stray = hello;
  stray.attempt = exchange::attempt_id(bytes(8, 1));
  other.handle_crypto(start, stray);
  stray = hello;
  stray.role = 1;
  other.handle_crypto(start, stray);
  EXPECT_FALSE(other.poll_crypto(start));
  one.handle_crypto(start, hello);  // its own message, reflected
  EXPECT_FALSE(one.poll_crypto(start));
  EXPECT_EQ(one.status(), state::running);
}

TEST_F(Exchange, bears_pieces_at_the_end_of_the_offsets) {
  auto other = server(delivery::lossy);
  wire::crypto flood;
  flood.attempt = attempt;
  flood.piece = bytes(wire::crypto::largest_piece, 0xff);
  std::size_t acknowledged = 0;
  for (std::size_t offset = 0; offset <= 65'535; offset += flood.piece.size()) {
    flood.offset = static_cast<std::uint16_t>(offset);
    other.handle_crypto(start, flood);
    for (const auto& message : all_of(other, start)) {
      EXPECT_GE(message.acknowledged, acknowledged) << "the offset wrapped around";
      acknowledged = message.acknowledged;
    }
  }
  EXPECT_GT(acknowledged, 60'000u);
  EXPECT_EQ(other.status(), state::failed);
}

TEST_F(Exchange, carries_the_servers_refusal_to_a_client_that_was_done) {
  const raw_certificate first("ED25519");
  const raw_certificate second("ED25519");
  raw_peer client(side::client, first,
                  [&](SSL_CTX* context) { SSL_CTX_add1_chain_cert(context, second.certificate.get()); });
  auto other = server(delivery::lossy);
  std::size_t said = 0;
  std::size_t heard = 0;
  bytes last_answer;
  for (int turn = 0; turn < 3; ++turn) {
    wire::crypto message;
    message.attempt = attempt;
    message.offset = static_cast<std::uint16_t>(said);
    message.acknowledged = static_cast<std::uint16_t>(heard);
    message.piece = client.poll_bytes();
    said += message.piece.size();
    other.handle_crypto(start, message);
    for (const auto& answer : all_of(other, start)) {
      heard += answer.piece.size();
      last_answer = answer.piece;
      client.handle_bytes(answer.piece);
    }
  }
  EXPECT_EQ(other.status(), state::failed);
  EXPECT_FALSE(last_answer.empty());
  EXPECT_EQ(SSL_get_shutdown(client.ssl()) & SSL_RECEIVED_SHUTDOWN, SSL_RECEIVED_SHUTDOWN);
}

}  // namespace
}  // namespace gof::secure
