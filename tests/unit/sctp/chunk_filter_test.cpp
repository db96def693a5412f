#include "sctp/chunk_filter.hpp"

#include "sctp/craft.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <random>

namespace gof::sctp::test {
namespace {

using role = association::role;

constexpr std::uint16_t port = 5000;
constexpr std::uint32_t tag = 99;
const bytes cookie(100, 'c');
const bytes flat = craft(chunk_type::data, craft_data(1, 5, 10), 3);

bytes packet_of(std::initializer_list<bytes> chunks) {
  return craft_packet(port, tag, chunks);
}

bytes init_of(const bytes& parameters = {}) {
  return craft_packet(port, 0, {craft(chunk_type::init, craft_init(parameters))});
}

bytes init_ack_of(const bytes& parameters) {
  return packet_of({craft(chunk_type::init_ack, craft_init(parameters))});
}

chunk_filter server_before() {
  return chunk_filter(role::server, port);
}

chunk_filter server_up() {
  chunk_filter made = server_before();
  EXPECT_TRUE(made.passes(init_of()));
  made.handle_sent(init_ack_of(craft_parameter(7, cookie)));
  EXPECT_TRUE(made.passes(packet_of({craft(chunk_type::cookie_echo, cookie)})));
  made.handle_established();
  return made;
}

chunk_filter client_before() {
  return chunk_filter(role::client, port);
}

chunk_filter client_up() {
  chunk_filter made = client_before();
  EXPECT_TRUE(made.passes(init_ack_of(craft_parameter(7, cookie))));
  EXPECT_TRUE(made.passes(packet_of({craft(chunk_type::cookie_ack)})));
  made.handle_established();
  return made;
}

TEST(ChunkFilter, passes_what_a_standing_association_needs) {
  for (chunk_filter at : {server_up(), client_up()}) {
    EXPECT_TRUE(at.passes(packet_of({flat})));
    EXPECT_TRUE(at.passes(packet_of({craft(chunk_type::sack, craft_sack(1))})));
    EXPECT_TRUE(at.passes(packet_of({craft(chunk_type::sack, craft_sack(1)), flat, flat})));
    EXPECT_TRUE(at.passes(packet_of({craft(chunk_type::abort)})));
    EXPECT_TRUE(at.passes(packet_of({craft(chunk_type::error, craft_parameter(3, bytes(4)))})));
    EXPECT_TRUE(at.passes(packet_of({craft(chunk_type::heartbeat, craft_parameter(1, bytes(40)))})));
    EXPECT_TRUE(at.passes(packet_of({craft(chunk_type::data, craft_data(1, 255, largest_message), 3)})));
  }
}

TEST(ChunkFilter, drops_every_other_type_of_chunk) {
  for (int type = 0; type < 256; ++type) {
    const auto kind = static_cast<chunk_type>(type);
    if (kind == chunk_type::data || kind == chunk_type::sack || kind == chunk_type::abort ||
        kind == chunk_type::error || kind == chunk_type::heartbeat || kind == chunk_type::cookie_ack)
      continue;
    for (chunk_filter at : {server_up(), client_up(), server_before(), client_before()}) {
      for (const std::size_t size : {0u, 4u, 8u, 12u, 16u, 32u}) {
        EXPECT_FALSE(at.passes(packet_of({craft(kind, bytes(size, 1))}))) << type;
        EXPECT_FALSE(at.passes(packet_of({flat, craft(kind, bytes(size, 1))}))) << type;
      }
    }
  }
}

TEST(ChunkFilter, drops_other_ports) {
  chunk_filter at = server_up();
  bytes source = packet_of({flat}), destination = source;
  source[1] ^= 1;
  destination[3] ^= 1;
  EXPECT_FALSE(at.passes(source));
  EXPECT_FALSE(at.passes(destination));
}

TEST(ChunkFilter, drops_lying_lengths) {
  chunk_filter at = server_up();
  const bytes payload = craft_data(1, 5, 8);  // 24 bytes in total
  for (const std::size_t length : {1u, 2u, 3u, 4u, 15u, 16u, 25u, 28u, 65535u})
    EXPECT_FALSE(at.passes(packet_of({craft(chunk_type::data, payload, 3, length)}))) << length;
  bytes unpadded = packet_of({craft(chunk_type::data, craft_data(1, 5, 9), 3)});
  unpadded.pop_back();
  EXPECT_FALSE(at.passes(unpadded));
  EXPECT_FALSE(at.passes(packet_of({})));
  EXPECT_FALSE(at.passes({}));
  bytes huge = packet_of({craft(chunk_type::data, craft_data(1, 5, largest_message), 3)});
  append(huge, craft(chunk_type::sack, craft_sack(1)));
  EXPECT_FALSE(at.passes(huge));
}

TEST(ChunkFilter, drops_data_that_gof_never_sends) {
  chunk_filter at = server_up();
  EXPECT_FALSE(at.passes(packet_of({craft(chunk_type::data, craft_data(1, 5, 0), 3)}))) << "no payload";
  EXPECT_FALSE(at.passes(packet_of({craft(chunk_type::data, craft_data(1, 256, 1), 3)}))) << "no such stream";
  EXPECT_FALSE(at.passes(packet_of({craft(chunk_type::data, craft_data(1, 5, 1), 7)}))) << "unordered";
  EXPECT_FALSE(at.passes(craft_packet(port, 0, {flat}))) << "no tag";
}

TEST(ChunkFilter, drops_sacks_whose_counts_lie) {
  chunk_filter at = server_up();
  EXPECT_TRUE(at.passes(packet_of({craft(chunk_type::sack, craft_sack(1, 1, 1, {0, 2, 0, 3, 0, 0, 0, 9}))})));
  EXPECT_FALSE(at.passes(packet_of({craft(chunk_type::sack, craft_sack(1, 1, 1, {0, 2, 0, 3}))})));
  EXPECT_FALSE(at.passes(packet_of({craft(chunk_type::sack, craft_sack(1, 65535, 65535))})));
  EXPECT_FALSE(at.passes(packet_of({craft(chunk_type::sack, craft_sack(1, 0, 0, {0, 0, 0, 0}))})));
  EXPECT_FALSE(at.passes(packet_of({craft(chunk_type::sack, craft_sack(1, 1, 0, {0, 3, 0, 2}))})))
      << "backwards";
  EXPECT_FALSE(at.passes(packet_of({craft(chunk_type::sack, craft_sack(1, 1, 0, {0, 0, 0, 2}))})))
      << "of nothing";
  EXPECT_FALSE(at.passes(packet_of({craft(chunk_type::sack, bytes(11))})));
}

TEST(ChunkFilter, takes_an_init_only_where_one_belongs) {
  EXPECT_TRUE(server_before().passes(init_of()));
  EXPECT_FALSE(server_up().passes(init_of()));
  EXPECT_FALSE(client_before().passes(init_of()));
  EXPECT_FALSE(client_up().passes(init_of()));
  EXPECT_FALSE(server_before().passes(craft_packet(port, tag, {craft(chunk_type::init, craft_init({}))})));
  EXPECT_FALSE(
      server_before().passes(craft_packet(port, 0, {craft(chunk_type::init, craft_init({})), flat})));
  EXPECT_FALSE(server_before().passes(init_of(craft_parameter(7, cookie)))) << "a cookie in an INIT";
  EXPECT_FALSE(server_before().passes(craft_packet(port, 0, {craft(chunk_type::init, craft_init({}, 0))})));
  EXPECT_FALSE(
      server_before().passes(craft_packet(port, 0, {craft(chunk_type::init, craft_init({}, 7, 0))})));
}

TEST(ChunkFilter, drops_inits_with_parameters_that_wake_what_is_off) {
  EXPECT_TRUE(server_before().passes(init_of(craft_parameter(0x8008, {0x82, 0xc0}))));
  EXPECT_TRUE(server_before().passes(init_of(craft_parameter(0xc006, bytes(4)))));
  for (const int type : {5, 6, 11, 0x8002, 0x8003, 0x8004, 0xc001, 0xc002, 0xc003, 0xc004, 0xc005})
    EXPECT_FALSE(server_before().passes(init_of(craft_parameter(static_cast<std::uint16_t>(type), bytes(4)))))
        << type;
  bytes lying = craft_parameter(0x8008, bytes(4));
  lying[3] = 9;
  EXPECT_FALSE(server_before().passes(init_of(lying)));
  lying[3] = 3;
  EXPECT_FALSE(server_before().passes(init_of(lying)));
  bytes half = craft_packet(port, 0, {craft(chunk_type::init, craft_init(bytes(4)), 0, 22)});
  EXPECT_FALSE(server_before().passes(half)) << "half a parameter";
  EXPECT_FALSE(server_before().passes(init_of(craft_parameter(0x8008, bytes(1024))))) << "too large";
}

TEST(ChunkFilter, takes_an_init_ack_only_with_one_cookie) {
  EXPECT_TRUE(client_before().passes(init_ack_of(craft_parameter(7, cookie))));
  EXPECT_FALSE(client_before().passes(init_ack_of({})));
  EXPECT_FALSE(client_before().passes(init_ack_of(craft_parameter(7, {}))));
  bytes two = craft_parameter(7, cookie);
  append(two, craft_parameter(7, cookie));
  EXPECT_FALSE(client_before().passes(init_ack_of(two)));
  EXPECT_FALSE(client_up().passes(init_ack_of(craft_parameter(7, cookie))));
  EXPECT_FALSE(server_before().passes(init_ack_of(craft_parameter(7, cookie))));
}

TEST(ChunkFilter, takes_back_only_cookies_it_gave) {
  chunk_filter at = server_before();
  const auto echo = [](const bytes& of) { return packet_of({craft(chunk_type::cookie_echo, of)}); };
  EXPECT_FALSE(at.passes(echo(cookie)));
  at.handle_sent(init_ack_of(craft_parameter(7, cookie)));
  bytes other = cookie;
  other[50] ^= 1;
  EXPECT_FALSE(at.passes(echo(other)));
  EXPECT_FALSE(at.passes(echo({})));
  EXPECT_FALSE(at.passes(echo(bytes(cookie.begin(), cookie.end() - 4))));
  EXPECT_FALSE(at.passes(packet_of({flat, craft(chunk_type::cookie_echo, cookie)}))) << "must come first";
  EXPECT_TRUE(at.passes(packet_of({craft(chunk_type::cookie_echo, cookie), flat})));

  // Before the association is up, a retry with another of our cookies is fine. After that only the cookie
  // that set it up is accepted.
  at.handle_sent(init_ack_of(craft_parameter(7, other)));
  EXPECT_TRUE(at.passes(echo(other)));
  at.handle_established();
  EXPECT_TRUE(at.passes(echo(other)));
  EXPECT_FALSE(at.passes(echo(cookie)));
  at.handle_sent(init_ack_of(craft_parameter(7, cookie)));
  EXPECT_FALSE(at.passes(echo(cookie)));
}

TEST(ChunkFilter, takes_nothing_but_the_handshake_before_it) {
  for (const bytes& early : {packet_of({flat}), packet_of({craft(chunk_type::sack, craft_sack(1))}),
                             packet_of({craft(chunk_type::error, craft_parameter(3, bytes(4)))}),
                             packet_of({craft(chunk_type::heartbeat, craft_parameter(1, bytes(40)))}),
                             packet_of({craft(chunk_type::cookie_ack)})}) {
    EXPECT_FALSE(server_before().passes(early));
    EXPECT_FALSE(client_before().passes(early));
  }
  EXPECT_FALSE(server_before().passes(packet_of({craft(chunk_type::abort)})));
  EXPECT_TRUE(client_before().passes(packet_of({craft(chunk_type::abort)})));
  EXPECT_FALSE(server_up().passes(packet_of({craft(chunk_type::cookie_ack)})));
}

TEST(ChunkFilter, remembers_nothing_of_a_packet_it_dropped) {
  chunk_filter at = server_before();
  at.handle_sent(init_ack_of(craft_parameter(7, cookie)));
  EXPECT_FALSE(at.passes(packet_of({craft(chunk_type::cookie_echo, cookie), craft(chunk_type::pad)})));
  EXPECT_FALSE(at.passes(packet_of({flat}))) << "the cookie never passed";
}

TEST(ChunkFilter, is_total_over_random_bytes) {
  const std::uint32_t seed = testing::UnitTest::GetInstance()->random_seed();
  std::cout << "seed " << seed << " (--gtest_random_seed)\n";
  std::mt19937 random(seed);
  chunk_filter server = server_up(), client = client_up();
  const auto number = [&](std::size_t below) { return static_cast<std::size_t>(random()) % below; };
  for (int i = 0; i < 100'000; ++i) {
    bytes any = packet_of({craft(static_cast<chunk_type>(number(18)), bytes(number(40)), 3, number(48))});
    for (auto& one : any)
      if (number(10) == 0) one = static_cast<std::uint8_t>(random());
    any.resize(number(any.size() + 1));
    for (chunk_filter* at : {&server, &client}) {
      if (!at->passes(any)) continue;
      chunk_walk walk(any);
      while (walk.next()) {
      }
      EXPECT_TRUE(walk.sound());
      EXPECT_EQ(any.size() % 4, 0u);
    }
  }
}

}  // namespace
}  // namespace gof::sctp::test
