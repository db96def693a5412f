#include "wire/hello.hpp"

#include "properties.hpp"

namespace gof::wire {
namespace {

hello sample(link_role role) {
  hello message;
  message.version = 1;
  message.role = role;
  if (role == link_role::guest) {
    message.issuer = counting_id<peer_id>(0x40);
    message.grant = counting_id<grant_id>(0x80);
  }
  message.mac = counting<std::array<std::uint8_t, 16>>(0xa0);
  return message;
}

TEST(Hello, of_a_member_is_these_bytes) {
  const auto data = sample(link_role::member).encode();
  EXPECT_EQ(data, hex("01 00 a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"));
  EXPECT_EQ(data.size(), hello::member_size);
}

TEST(Hello, of_a_guest_is_these_bytes) {
  const auto data = sample(link_role::guest).encode();
  EXPECT_EQ(data, hex("01 01"
                      "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f"
                      "808182838485868788898a8b8c8d8e8f"
                      "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"));
  EXPECT_EQ(data.size(), hello::guest_size);
}

TEST(Hello, has_a_body_that_is_all_but_the_mac) {
  for (const auto role : {link_role::member, link_role::guest}) {
    auto body = sample(role).encode_body();
    append(body, sample(role).mac);
    EXPECT_EQ(body, sample(role).encode());
  }
}

TEST(Hello, tells_its_size_by_its_first_two_bytes) {
  EXPECT_EQ(hello::size_of(hex("01 00")), hello::member_size);
  EXPECT_EQ(hello::size_of(hex("09 01 ff")), hello::guest_size);
  EXPECT_FALSE(hello::size_of(hex("01 02")));
  EXPECT_FALSE(hello::size_of(hex("01 ff")));
  EXPECT_FALSE(hello::size_of(hex("01")));
  EXPECT_FALSE(hello::size_of({}));
}

TEST(Hello, gives_back_what_was_encoded) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    auto message = sample(g.coin() ? link_role::member : link_role::guest);
    message.version = g.any<std::uint8_t>();
    message.mac = g.array<16>();
    if (message.role == link_role::guest) {
      message.issuer = g.id<peer_id>();
      message.grant = g.id<grant_id>();
    }
    const auto data = message.encode();
    EXPECT_EQ(hello::size_of(data), data.size());
    const auto back = hello::decode(data);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->version, message.version);
    EXPECT_EQ(back->role, message.role);
    EXPECT_EQ(back->issuer, message.issuer);
    EXPECT_EQ(back->grant, message.grant);
    EXPECT_EQ(back->mac, message.mac);
  }
}

TEST(Hello, is_refused_when_cut_or_followed_by_more) {
  for (const auto role : {link_role::member, link_role::guest}) {
    expect_every_cut_refused(hello::decode, sample(role).encode());
    expect_more_refused(hello::decode, sample(role).encode());
  }
}

TEST(Hello, is_refused_when_its_role_is_unknown) {
  auto data = sample(link_role::member).encode();
  data[1] = 2;
  EXPECT_FALSE(hello::decode(data));
}

TEST(Hello, reads_noise_as_itself_or_not_at_all) {
  generator g;
  expect_total<hello>(g, sample(link_role::member).encode());
  expect_total<hello>(g, sample(link_role::guest).encode());
}

}  // namespace
}  // namespace gof::wire
