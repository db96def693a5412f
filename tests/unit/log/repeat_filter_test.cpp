#include "log/repeat_filter.hpp"

#include <gtest/gtest.h>

namespace gof::log {
namespace {

using namespace std::chrono_literals;

TEST(RepeatFilter, is_told_when_it_begins_and_when_it_becomes_another) {
  repeat_filter target;
  EXPECT_TRUE(target.begin(repeat_filter::time(5s), "refused"));
  EXPECT_FALSE(target.begin(repeat_filter::time(6s), "refused"));
  EXPECT_TRUE(target.begin(repeat_filter::time(7s), "silent"));
}

TEST(RepeatFilter, is_told_again_when_it_stays) {
  repeat_filter target;
  EXPECT_TRUE(target.begin(repeat_filter::time(5s), "refused"));
  EXPECT_FALSE(target.begin(repeat_filter::time(34s), "refused"));
  EXPECT_TRUE(target.begin(repeat_filter::time(35s), "refused"));
  EXPECT_FALSE(target.begin(repeat_filter::time(36s), "refused"));
}

TEST(RepeatFilter, ends_once_and_is_news_when_it_comes_back) {
  repeat_filter target;
  EXPECT_FALSE(target.end());
  EXPECT_TRUE(target.begin(repeat_filter::time(5s), "refused"));
  EXPECT_TRUE(target.end());
  EXPECT_FALSE(target.end());
  EXPECT_TRUE(target.begin(repeat_filter::time(6s), "refused"));
}

}  // namespace
}  // namespace gof::log
