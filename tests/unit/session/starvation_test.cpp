#include "session/starvation.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

struct Starvation : ::testing::Test {
  starvation s;
  instant now{1000s};
  std::uint64_t arrived = 7;

  /// When the path is doubted, if that happens within `limit`.
  std::optional<duration> doubted(duration limit, bool waiting = true, duration round_trip = 10ms) {
    const auto from = now;
    for (; now <= from + limit; now += 100ms)
      if (s.handle(now, waiting, arrived, round_trip)) return now - from;
    return std::nullopt;
  }
};

TEST_F(Starvation, is_noticed_after_2_s_and_then_each_time_later) {
  EXPECT_EQ(doubted(10s), 2s);
  EXPECT_EQ(doubted(10s), 4s);
  EXPECT_EQ(doubted(10s), 8s);
}

TEST_F(Starvation, is_over_with_whatever_arrives) {
  EXPECT_EQ(doubted(10s), 2s);
  ++arrived;
  EXPECT_EQ(doubted(10s), 2s);
  for (int i = 0; i < 100; ++i, ++arrived) EXPECT_FALSE(doubted(1s));
}

TEST_F(Starvation, needs_data_that_wait) {
  EXPECT_FALSE(doubted(60s, false));
  EXPECT_EQ(doubted(10s), 2s);
}

TEST_F(Starvation, is_patient_on_a_long_way_and_with_a_new_one) {
  EXPECT_EQ(doubted(10s, true, 500ms), 4s);
  EXPECT_FALSE(doubted(3s));
  s.handle_switch();
  EXPECT_FALSE(doubted(3s));
}

}  // namespace
}  // namespace gof::core
