#include "wire/link_control.hpp"

#include "properties.hpp"

namespace gof::wire {
namespace {

proof sample_proof() {
  proof message;
  message.instance = counting_id<instance_id>(0x10);
  message.mac = counting<std::array<std::uint8_t, 16>>(0xa0);
  message.features = 0x04050607;
  return message;
}

constexpr std::size_t proof_size = 28;

TEST(Proof, is_these_bytes) {
  EXPECT_EQ(sample_proof().encode(), hex("1011121314151617 a0a1a2a3a4a5a6a7a8a9aaabacadaeaf 04050607"));
}

TEST(Proof, gives_back_what_was_encoded) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    proof message;
    message.instance = g.id<instance_id>();
    message.mac = g.array<16>();
    message.features = g.any<std::uint32_t>();
    const auto back = proof::decode(message.encode());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->instance, message.instance);
    EXPECT_EQ(back->mac, message.mac);
    EXPECT_EQ(back->features, message.features);
  }
}

TEST(Proof, is_refused_when_cut) {
  expect_every_cut_refused(proof::decode, sample_proof().encode());
}

TEST(Proof, ignores_what_a_newer_version_puts_behind_it) {
  auto longer = sample_proof().encode();
  append(longer, hex("ff00ff"));
  const auto back = proof::decode(longer);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->encode(), sample_proof().encode());
}

TEST(Proof, reads_noise_as_its_known_part_or_not_at_all) {
  generator g;
  expect_total(
      g, proof::decode, [](const proof& message) { return message.encode(); }, sample_proof().encode(),
      [](const bytes& data) { return bytes(data.begin(), data.begin() + proof_size); });
}

TEST(Ping, is_these_bytes) {
  EXPECT_EQ(ping{0x01020304}.encode(), hex("01020304"));
}

TEST(Ping, gives_back_what_was_encoded_and_refuses_all_else) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    const ping message{g.any<std::uint32_t>()};
    const auto back = ping::decode(message.encode());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->token, message.token);
  }
  expect_every_cut_refused(ping::decode, ping{7}.encode());
  expect_more_refused(ping::decode, ping{7}.encode());
  expect_total<ping>(g, ping{7}.encode());
}

TEST(Bye, is_these_bytes) {
  EXPECT_EQ(bye{reason::shutdown}.encode(), hex("0e"));
}

TEST(Bye, gives_back_what_was_encoded_and_refuses_all_else) {
  generator g;
  for (unsigned number = 0; number < reason_count; ++number) {
    const bye message{static_cast<reason>(number)};
    const auto back = bye::decode(message.encode());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->why, message.why);
  }
  expect_every_cut_refused(bye::decode, bye{}.encode());
  expect_more_refused(bye::decode, bye{}.encode());
  expect_total(
      g, bye::decode, [](const bye& message) { return message.encode(); }, bye{}.encode(),
      known_reason_at(0));
}

}  // namespace
}  // namespace gof::wire
