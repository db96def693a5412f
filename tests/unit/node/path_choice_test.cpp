#include "node/path_choice.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

struct PathChoice : ::testing::Test {
  path_choice choice;
  instant now{100s};
  const path direct{link_id{1}, {}, {}};
  const path first{link_id{2}, {7}, {}};
  const path second{link_id{3}, {8}, {}};
};

TEST_F(PathChoice, has_none_without_candidates) {
  EXPECT_EQ(choice.choose(now, {}, std::nullopt), std::nullopt);
}

TEST_F(PathChoice, takes_the_best) {
  EXPECT_EQ(choice.choose(now, {first, second}, std::nullopt), first);
}

TEST_F(PathChoice, stays_with_what_carries) {
  EXPECT_EQ(choice.choose(now, {first, second}, second), second);
}

TEST_F(PathChoice, leaves_it_for_a_link_that_leads_there_itself) {
  EXPECT_EQ(choice.choose(now, {direct, second}, second), direct);
}

TEST_F(PathChoice, avoids_one_that_failed) {
  choice.suspect(now, first, false);
  EXPECT_EQ(choice.choose(now, {first, second}, first), second);
}

TEST_F(PathChoice, keeps_one_that_was_silent_rather_than_none) {
  choice.suspect(now, first, false);
  EXPECT_EQ(choice.choose(now, {first}, first), first);
}

TEST_F(PathChoice, has_rather_none_than_one_that_a_relay_called_broken) {
  choice.suspect(now, first, true);
  EXPECT_EQ(choice.choose(now, {first}, first), std::nullopt);
  EXPECT_EQ(choice.poll_timeout(), now + path_choice::broken_time);
}

TEST_F(PathChoice, tries_it_again_later) {
  choice.suspect(now, first, true);
  now += path_choice::broken_time;
  EXPECT_EQ(choice.choose(now, {first}, std::nullopt), first);
  EXPECT_FALSE(choice.poll_timeout());
}

TEST_F(PathChoice, forgets_the_oldest_of_too_many) {
  choice.suspect(now, first, true);
  for (std::uint16_t i = 0; i < path_choice::most_suspects; ++i)
    choice.suspect(now, {link_id{9}, {i}, {}}, true);
  EXPECT_EQ(choice.choose(now, {first}, std::nullopt), first);
}

}  // namespace
}  // namespace gof::core
