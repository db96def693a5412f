#include "node/retiring_links.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

struct RetiringLinks : ::testing::Test {
  retiring_links links;
  instant now{10s};
};

TEST_F(RetiringLinks, has_nothing_to_look_at_at_first) {
  EXPECT_TRUE(links.poll(now).empty());
  EXPECT_FALSE(links.poll_timeout());
}

TEST_F(RetiringLinks, looks_at_a_new_one_at_once_and_then_now_and_then) {
  links.add(now, link_id{1});
  EXPECT_EQ(links.poll(now), std::vector{link_id{1}});
  EXPECT_TRUE(links.poll(now).empty());
  EXPECT_EQ(links.poll_timeout(), now + retiring_links::interval);
  EXPECT_EQ(links.poll(now + retiring_links::interval), std::vector{link_id{1}});
}

TEST_F(RetiringLinks, is_silent_once_the_last_is_gone) {
  links.add(now, link_id{1});
  links.forget(link_id{1});
  EXPECT_FALSE(links.poll_timeout());
}

}  // namespace
}  // namespace gof::core
