#include "sctp/flight.hpp"

#include "sctp/craft.hpp"

#include <gtest/gtest.h>

namespace gof::sctp::test {
namespace {

bytes data(std::initializer_list<std::uint32_t> numbers, std::size_t size) {
  bytes made = craft_packet(1, 1, {});
  for (const std::uint32_t tsn : numbers) append(made, craft(chunk_type::data, craft_data(tsn, 0, size), 3));
  return made;
}

bytes sack(std::uint32_t cumulative) {
  return craft_packet(1, 1, {craft(chunk_type::sack, craft_sack(cumulative))});
}

TEST(Flight, counts_down_as_sacks_cover_what_was_sent) {
  flight f;
  for (int i = 0; i < 4; ++i) f.handle_message(100);
  EXPECT_EQ(f.unacknowledged(), 400u);
  EXPECT_TRUE(f.handle_sent(data({10, 11}, 100)).has_data);
  EXPECT_TRUE(f.handle_sent(data({12}, 100)).has_data);
  f.handle_received(sack(9));
  EXPECT_EQ(f.unacknowledged(), 400u);
  f.handle_received(sack(11));
  EXPECT_EQ(f.unacknowledged(), 200u);
  f.handle_received(sack(10));
  EXPECT_EQ(f.unacknowledged(), 200u) << "an old SACK";
  f.handle_received(sack(12));
  EXPECT_EQ(f.unacknowledged(), 100u) << "the fourth message waits in usrsctp";
  EXPECT_TRUE(f.handle_sent(data({13}, 100)).has_data);
  f.handle_received(sack(13));
  EXPECT_EQ(f.unacknowledged(), 0u);
}

TEST(Flight, does_not_count_repeats) {
  flight f;
  f.handle_message(50);
  f.handle_message(50);
  f.handle_sent(data({1}, 50));
  f.handle_sent(data({1}, 50));
  f.handle_sent(data({2}, 50));
  f.handle_sent(data({1, 2}, 50));
  f.handle_received(sack(1));
  EXPECT_EQ(f.unacknowledged(), 50u);
  EXPECT_TRUE(f.handle_sent(data({1}, 50)).has_data) << "it is data even if acknowledged";
  f.handle_received(sack(2));
  EXPECT_EQ(f.unacknowledged(), 0u);
}

TEST(Flight, counts_past_the_wrap_of_numbers) {
  flight f;
  for (int i = 0; i < 3; ++i) f.handle_message(10);
  f.handle_sent(data({0xffffffffu, 0, 1}, 10));
  f.handle_received(sack(0xffffffffu));
  EXPECT_EQ(f.unacknowledged(), 20u);
  f.handle_received(sack(1));
  EXPECT_EQ(f.unacknowledged(), 0u);
}

TEST(Flight, ignores_sacks_for_what_was_never_sent) {
  flight f;
  f.handle_received(sack(5));
  f.handle_message(10);
  f.handle_sent(data({5}, 10));
  f.handle_received(sack(6));
  f.handle_received(sack(0x80000005u));
  EXPECT_EQ(f.unacknowledged(), 10u);
}

TEST(Flight, owes_a_sack_from_data_to_sack) {
  flight f;
  EXPECT_FALSE(f.sack_owed());
  f.handle_received(data({1}, 10));
  EXPECT_TRUE(f.sack_owed());
  f.handle_sent(data({1}, 10));
  EXPECT_TRUE(f.sack_owed());
  EXPECT_FALSE(f.handle_sent(sack(1)).has_data);
  EXPECT_FALSE(f.sack_owed());
}

}  // namespace
}  // namespace gof::sctp::test
