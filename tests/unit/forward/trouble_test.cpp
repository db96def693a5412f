#include "forward/trouble.hpp"

#include <gtest/gtest.h>

namespace gof::forward {
namespace {

using namespace std::chrono_literals;

TEST(Trouble, is_told_when_it_begins_and_when_it_becomes_another) {
  trouble target;
  EXPECT_TRUE(target.begin(trouble::time(5s), "refused"));
  EXPECT_FALSE(target.begin(trouble::time(6s), "refused"));
  EXPECT_TRUE(target.begin(trouble::time(7s), "silent"));
}

TEST(Trouble, is_told_again_when_it_stays) {
  trouble target;
  EXPECT_TRUE(target.begin(trouble::time(5s), "refused"));
  EXPECT_FALSE(target.begin(trouble::time(34s), "refused"));
  EXPECT_TRUE(target.begin(trouble::time(35s), "refused"));
  EXPECT_FALSE(target.begin(trouble::time(36s), "refused"));
}

TEST(Trouble, ends_once_and_is_news_when_it_comes_back) {
  trouble target;
  EXPECT_FALSE(target.end());
  EXPECT_TRUE(target.begin(trouble::time(5s), "refused"));
  EXPECT_TRUE(target.end());
  EXPECT_FALSE(target.end());
  EXPECT_TRUE(target.begin(trouble::time(6s), "refused"));
}

}  // namespace
}  // namespace gof::forward
