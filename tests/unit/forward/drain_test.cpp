#include "forward/drain.hpp"

#include <gtest/gtest.h>

namespace gof::forward {
namespace {

using namespace std::chrono_literals;

constexpr drain::time start{50s};

TEST(Drain, is_done_at_once_and_says_nothing_when_nothing_is_left) {
  const drain ending(start, 0);
  EXPECT_TRUE(ending.is_done(start, 0));
  EXPECT_EQ(ending.words(), "");
}

TEST(Drain, waits_for_the_last_connection) {
  const drain ending(start, 2);
  EXPECT_EQ(ending.words(), "2 connections left; again to stop now");
  EXPECT_FALSE(ending.is_done(start + 10s, 1));
  EXPECT_TRUE(ending.is_done(start + 10s, 0));
}

TEST(Drain, waits_30_seconds_and_no_longer) {
  const drain ending(start, 1);
  EXPECT_EQ(ending.words(), "1 connection left; again to stop now");
  EXPECT_FALSE(ending.is_done(start + 30s - 1ms, 1));
  EXPECT_TRUE(ending.is_done(start + 30s, 1));
}

TEST(Drain, says_how_long_connections_still_have) {
  const drain ending(start, 1);
  EXPECT_EQ(ending.time_left(start), 30s);
  EXPECT_EQ(ending.time_left(start + 1ms), 30s);
  EXPECT_EQ(ending.time_left(start + 28s), 2s);
  EXPECT_EQ(ending.time_left(start + 31s), 0s);
}

}  // namespace
}  // namespace gof::forward
