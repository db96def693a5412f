#include "demo/show.hpp"

#include <gtest/gtest.h>

namespace gof::demo {
namespace {

result good() {
  result how;
  how.hash_of_sent = how.hash_of_back = "ab";
  how.first_relay = "north";
  how.second_relay = "south";
  return how;
}

TEST(Result, is_right_if_all_came_back_as_it_was_and_only_then) {
  EXPECT_TRUE(good().is_right());
  auto altered = good();
  altered.hash_of_back = "ac";
  EXPECT_FALSE(altered.is_right());
  auto broken = good();
  broken.error = errc::reset;
  EXPECT_FALSE(broken.is_right());
  auto silent = good();
  silent.silent = true;
  EXPECT_FALSE(silent.is_right());
  EXPECT_FALSE(result().is_right());
}

TEST(Result, tells_a_path_that_did_not_change) {
  EXPECT_TRUE(good().changed_path());
  auto same = good();
  same.second_relay = "north";
  EXPECT_FALSE(same.changed_path());
  same.second_relay.clear();
  EXPECT_FALSE(same.changed_path());
}

}  // namespace
}  // namespace gof::demo
