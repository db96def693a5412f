#include "base/rate_limit.hpp"

#include <gtest/gtest.h>

namespace gof {
namespace {

instant at(duration since_start) {
  return instant(since_start);
}

TEST(RateLimit, gives_back_evenly) {
  auto limit = rate_limit::evenly(200, 1s);
  EXPECT_TRUE(limit.take(at(0s), 200));
  EXPECT_FALSE(limit.take(at(0s)));
  EXPECT_FALSE(limit.take(at(4ms)));
  EXPECT_TRUE(limit.take(at(5ms)));
  EXPECT_FALSE(limit.take(at(9ms)));
  EXPECT_TRUE(limit.take(at(10ms)));
  EXPECT_EQ(limit.left(at(1h)), 200u);
  EXPECT_FALSE(limit.take(at(1h), 201));
}

TEST(RateLimit, gives_as_many_as_a_window_has) {
  auto limit = rate_limit::in_windows(2, 1s);
  EXPECT_TRUE(limit.take(at(5s)));
  EXPECT_TRUE(limit.take(at(5s)));
  EXPECT_FALSE(limit.take(at(5'999ms)));
  EXPECT_TRUE(limit.take(at(6s)));
  EXPECT_TRUE(limit.take(at(6'500ms)));
  EXPECT_FALSE(limit.take(at(6'999ms)));
  EXPECT_TRUE(limit.take(at(7s)));
}

TEST(RateLimit, says_when_one_can_be_taken) {
  auto limit = rate_limit::evenly(2, 1s);
  EXPECT_LE(limit.next(), at(3s));
  EXPECT_TRUE(limit.take(at(3s)));
  EXPECT_LE(limit.next(), at(3s));
  EXPECT_TRUE(limit.take(at(3s)));
  EXPECT_EQ(limit.next(), at(3'500ms));
  EXPECT_FALSE(limit.take(limit.next() - 1ns));
  EXPECT_TRUE(limit.take(limit.next()));
}

TEST(RateLimit, begins_a_window_with_the_first_that_is_taken_after_the_last) {
  auto limit = rate_limit::in_windows(1, 10s);
  EXPECT_TRUE(limit.take(at(9s)));
  EXPECT_FALSE(limit.take(at(18s)));
  EXPECT_TRUE(limit.take(at(25s)));
  EXPECT_FALSE(limit.take(at(34s)));
  EXPECT_TRUE(limit.take(at(35s)));
}

}  // namespace
}  // namespace gof
