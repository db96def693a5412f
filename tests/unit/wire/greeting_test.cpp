#include "wire/greeting.hpp"

#include "properties.hpp"

namespace gof::wire {
namespace {

TEST(Greeting, is_these_bytes) {
  greeting message;
  message.nonce = counting_id<greeting::nonce_type>(0x10);
  EXPECT_EQ(message.encode(), hex("01 01 101112131415161718191a1b1c1d1e1f"));
}

TEST(Greeting, gives_back_what_was_encoded) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    greeting message;
    message.highest = g.any<std::uint8_t>();
    message.lowest = static_cast<std::uint8_t>(g.below(message.highest + 1u));
    message.nonce = g.id<greeting::nonce_type>();
    const auto data = message.encode();
    ASSERT_EQ(data.size(), greeting::size);
    const auto back = greeting::decode(data);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->lowest, message.lowest);
    EXPECT_EQ(back->highest, message.highest);
    EXPECT_EQ(back->nonce, message.nonce);
  }
}

TEST(Greeting, is_refused_when_cut_or_followed_by_more) {
  expect_every_cut_refused(greeting::decode, greeting{}.encode());
  expect_more_refused(greeting::decode, greeting{}.encode());
}

TEST(Greeting, is_refused_when_its_range_is_upside_down) {
  greeting message;
  message.lowest = 3;
  message.highest = 2;
  EXPECT_FALSE(greeting::decode(message.encode()));
}

TEST(Greeting, reads_noise_as_itself_or_not_at_all) {
  generator g;
  expect_total<greeting>(g, greeting{}.encode());
}

}  // namespace
}  // namespace gof::wire
