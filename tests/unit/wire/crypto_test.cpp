#include "wire/crypto.hpp"

#include "properties.hpp"

namespace gof::wire {
namespace {

crypto sample(crypto::key_kind key) {
  crypto message;
  message.attempt = counting_id<crypto::attempt_id>(0x10);
  message.role = 1;
  message.key = key;
  if (key == crypto::key_kind::guest) message.grant = counting_id<grant_id>(0x80);
  message.acknowledged = 0x0203;
  message.offset = 0x0405;
  message.piece = {0x16, 0x03, 0x03};
  message.mac = counting<std::array<std::uint8_t, 16>>(0xa0);
  return message;
}

TEST(Crypto, under_the_network_key_is_these_bytes) {
  EXPECT_EQ(sample(crypto::key_kind::network).encode(),
            hex("1011121314151617 01 00 0203 0405 160303 a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"));
}

TEST(Crypto, under_a_guests_key_is_these_bytes) {
  EXPECT_EQ(sample(crypto::key_kind::guest).encode(),
            hex("1011121314151617 01 01 808182838485868788898a8b8c8d8e8f 0203 0405 160303"
                "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"));
}

TEST(Crypto, has_a_body_that_is_all_but_the_mac) {
  for (const auto key : {crypto::key_kind::network, crypto::key_kind::guest}) {
    auto body = sample(key).encode_body();
    append(body, sample(key).mac);
    EXPECT_EQ(body, sample(key).encode());
  }
}

TEST(Crypto, gives_back_what_was_encoded) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    crypto message;
    message.attempt = g.id<crypto::attempt_id>();
    message.role = static_cast<std::uint8_t>(g.below(2));
    message.key = g.coin() ? crypto::key_kind::network : crypto::key_kind::guest;
    if (message.key == crypto::key_kind::guest) message.grant = g.id<grant_id>();
    message.acknowledged = g.any<std::uint16_t>();
    message.offset = g.any<std::uint16_t>();
    message.piece = g.block_up_to(g.coin() ? 40 : crypto::largest_piece);
    message.mac = g.array<16>();
    const auto back = crypto::decode(message.encode());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->attempt, message.attempt);
    EXPECT_EQ(back->role, message.role);
    EXPECT_EQ(back->key, message.key);
    EXPECT_EQ(back->grant, message.grant);
    EXPECT_EQ(back->acknowledged, message.acknowledged);
    EXPECT_EQ(back->offset, message.offset);
    EXPECT_EQ(back->piece, message.piece);
    EXPECT_EQ(back->mac, message.mac);
  }
}

// The piece extends to the packet's end: a cut one is still read, but then its MAC does not match.
TEST(Crypto, is_refused_when_cut_into_its_fields_and_has_another_mac_when_cut_in_its_piece) {
  for (const auto key : {crypto::key_kind::network, crypto::key_kind::guest}) {
    const auto whole = sample(key).encode();
    const std::size_t fields = whole.size() - sample(key).piece.size();
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto cut = crypto::decode(exactly(const_bytes(whole).first(size)));
      ASSERT_EQ(cut.has_value(), size >= fields) << size;
      if (cut) {
        EXPECT_NE(cut->mac, sample(key).mac);
      }
    }
  }
}

TEST(Crypto, takes_an_empty_piece_and_none_beyond_the_largest) {
  auto message = sample(crypto::key_kind::network);
  message.piece.clear();
  EXPECT_TRUE(crypto::decode(message.encode()));
  message.piece.resize(crypto::largest_piece);
  EXPECT_TRUE(crypto::decode(message.encode()));
  message.piece.resize(crypto::largest_piece + 1);
  EXPECT_FALSE(crypto::decode(message.encode()));
}

TEST(Crypto, is_refused_when_its_role_or_key_is_unknown) {
  for (const std::size_t place : {8u, 9u}) {
    auto data = sample(crypto::key_kind::guest).encode();
    data[place] = 2;
    EXPECT_FALSE(crypto::decode(data));
  }
}

TEST(Crypto, reads_noise_as_itself_or_not_at_all) {
  generator g;
  expect_total<crypto>(g, sample(crypto::key_kind::network).encode());
  expect_total<crypto>(g, sample(crypto::key_kind::guest).encode());
}

}  // namespace
}  // namespace gof::wire
