#include "node/egress.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

struct Egress : ::testing::Test {
  egress turns;
  const link_id link{1};
  const link_id other{2};
  const node_id a{as_bytes("a")};
  const node_id b{as_bytes("b")};
};

TEST_F(Egress, asks_nobody_at_first) {
  EXPECT_FALSE(turns.turn(link));
  EXPECT_FALSE(turns.poll_woken(link));
}

TEST_F(Egress, asks_a_woken_session_once_for_control_and_until_it_rests_for_data) {
  turns.wake(link, a);
  turns.wake(link, a);
  EXPECT_EQ(turns.poll_woken(link), a);
  EXPECT_FALSE(turns.poll_woken(link));
  EXPECT_EQ(turns.turn(link).value(), egress::sender(a));
  turns.pass_on(link);
  EXPECT_EQ(turns.turn(link).value(), egress::sender(a));
  turns.rest(link);
  EXPECT_FALSE(turns.turn(link));
}

TEST_F(Egress, gives_turns_in_order) {
  turns.wake(link, a);
  turns.wake(link, b);
  turns.wake_passing(link);
  EXPECT_EQ(turns.turn(link).value(), egress::sender(a));
  turns.pass_on(link);
  EXPECT_EQ(turns.turn(link).value(), egress::sender(b));
  turns.pass_on(link);
  EXPECT_EQ(turns.turn(link).value(), egress::sender(std::nullopt));
  turns.pass_on(link);
  EXPECT_EQ(turns.turn(link).value(), egress::sender(a));
}

TEST_F(Egress, takes_one_that_rests_in_again_when_it_is_woken) {
  turns.wake(link, a);
  turns.rest(link);
  turns.wake(link, a);
  EXPECT_EQ(turns.turn(link).value(), egress::sender(a));
}

TEST_F(Egress, keeps_control_of_one_that_rests) {
  turns.wake(link, a);
  turns.rest(link);
  EXPECT_EQ(turns.poll_woken(link), a);
}

TEST_F(Egress, remembers_nobody_who_rests) {
  turns.wake(link, a);
  turns.rest(link);
  EXPECT_EQ(turns.size(link), 1u);
  turns.poll_woken(link);
  EXPECT_EQ(turns.size(link), 0u);
  turns.wake(link, a);
  turns.poll_woken(link);
  turns.rest(link);
  EXPECT_EQ(turns.size(link), 0u);
}

TEST_F(Egress, keeps_links_apart) {
  turns.wake(link, a);
  EXPECT_FALSE(turns.turn(other));
  turns.wake(other, b);
  turns.forget(link);
  EXPECT_FALSE(turns.turn(link));
  EXPECT_EQ(turns.turn(other).value(), egress::sender(b));
}

}  // namespace
}  // namespace gof::core
