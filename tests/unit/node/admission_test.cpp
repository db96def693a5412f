#include "node/admission.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

struct Admission : ::testing::Test {
  admission door;
  instant now{1h};
  std::uint64_t next = 1;
  const std::optional<grant_id> none;

  static grant_id grant(std::uint8_t number) {
    grant_id id;
    id.value.fill(number);
    return id;
  }
  static std::string source(std::size_t number) { return "10.0.0." + std::to_string(number); }
  std::optional<link_id> knock(const std::string& from) { return door.enter(link_id{next++}, from); }
  /// Shows a key, if that is allowed. Time passes, as the number per second is not tested here.
  bool begin(const std::string& from, const std::optional<grant_id>& with) {
    now += 100ms;
    if (door.verdict(now, from, with) != wire::reason::none) return false;
    door.admit(now, link_id{next++}, from, with);
    return true;
  }
};

TEST_F(Admission, room_is_made_by_the_oldest_of_the_source_that_has_the_most) {
  const auto first = link_id{next};
  knock("alone");
  for (std::size_t i = 1; i < admission::most_strangers; ++i) EXPECT_FALSE(knock(source(i / 8)));
  for (std::size_t i = 0; i < 1000; ++i) {
    const auto victim = knock(source(1000 + i / 8));
    ASSERT_TRUE(victim);
    ASSERT_NE(*victim, first);
    ASSERT_EQ(door.strangers(), admission::most_strangers);
  }
}

TEST_F(Admission, without_need_one_ticket_fills_half_the_room_for_handshakes) {
  std::size_t begun = 0;
  for (std::size_t i = 0; i < 200; ++i) begun += begin(source(i), grant(1));
  EXPECT_EQ(begun, admission::most_half_open / 2);
  EXPECT_TRUE(begin(source(0), grant(2))) << "it has another ticket";
  EXPECT_TRUE(begin(source(0), none)) << "it comes as a member";
}

TEST_F(Admission, without_need_one_source_fills_half_the_room_for_handshakes) {
  std::size_t begun = 0;
  for (std::uint8_t i = 0; i < 200; ++i) begun += begin("10.0.0.1", i % 2 ? std::optional(grant(i)) : none);
  EXPECT_EQ(begun, admission::most_half_open / 2);
  EXPECT_TRUE(begin("10.0.0.2", none));
}

TEST_F(Admission, in_need_a_ticket_still_begins_8_and_all_together_64) {
  for (std::size_t i = 0; i < admission::most_half_open / 2; ++i) ASSERT_TRUE(begin(source(i), grant(1)));
  for (std::size_t i = 0; i < admission::most_alike; ++i) EXPECT_TRUE(begin(source(100 + i), grant(2)));
  EXPECT_FALSE(begin(source(200), grant(2)));
  for (std::size_t i = 0; begin(source(300 + i), none); ++i) ASSERT_LT(i, 100u);
  EXPECT_EQ(door.half_open(), admission::most_half_open);
}

TEST_F(Admission, who_is_up_or_gone_makes_room) {
  for (std::size_t i = 0; i < admission::most_half_open; ++i) ASSERT_TRUE(begin(source(i), none));
  EXPECT_FALSE(begin("10.0.0.1", none));
  door.leave(link_id{1});
  EXPECT_TRUE(begin("10.0.0.1", none));
}

}  // namespace
}  // namespace gof::core
