#include "wire/refused.hpp"

#include "properties.hpp"

namespace gof::wire {
namespace {

refused sample() {
  return {reason::withdrawn, counting<std::array<std::uint8_t, 16>>(0xa0)};
}

TEST(Refused, is_these_bytes) {
  EXPECT_EQ(sample().encode(), hex("02 a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"));
}

TEST(Refused, gives_back_what_was_encoded) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    const refused message{g.any_reason(), g.array<16>()};
    const auto back = refused::decode(message.encode());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->why, message.why);
    EXPECT_EQ(back->mac, message.mac);
  }
}

TEST(Refused, is_refused_when_cut_or_followed_by_more) {
  expect_every_cut_refused(refused::decode, sample().encode());
  expect_more_refused(refused::decode, sample().encode());
}

TEST(Refused, takes_a_reason_of_a_newer_version_as_protocol) {
  auto data = sample().encode();
  data[0] = reason_count;
  EXPECT_EQ(refused::decode(data)->why, reason::protocol);
}

TEST(Refused, reads_noise_as_itself_or_not_at_all) {
  generator g;
  expect_total(
      g, refused::decode, [](const refused& message) { return message.encode(); }, sample().encode(),
      known_reason_at(0));
}

}  // namespace
}  // namespace gof::wire
