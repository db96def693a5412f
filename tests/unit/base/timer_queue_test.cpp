#include "base/timer_queue.hpp"

#include <gtest/gtest.h>

namespace gof {
namespace {

struct TimerQueue : ::testing::Test {
  timer_queue<int> queue;
  timer_queue<int>::place first, second;
  instant now{10s};
};

TEST_F(TimerQueue, is_silent_while_nothing_is_set) {
  EXPECT_FALSE(queue.next());
  EXPECT_FALSE(queue.poll(now));
}

TEST_F(TimerQueue, gives_each_when_it_is_due_the_earliest_first) {
  queue.set(first, 1, now + 2s);
  queue.set(second, 2, now + 1s);
  EXPECT_EQ(queue.next(), now + 1s);
  EXPECT_FALSE(queue.poll(now));
  EXPECT_EQ(queue.poll(now + 2s), 2);
  EXPECT_EQ(queue.poll(now + 2s), 1);
  EXPECT_FALSE(queue.poll(now + 2s));
}

TEST_F(TimerQueue, moves_one_that_is_due_sooner) {
  queue.set(first, 1, now + 2s);
  queue.set(first, 1, now + 1s);
  EXPECT_EQ(queue.next(), now + 1s);
  EXPECT_EQ(queue.size(), 1u);
}

TEST_F(TimerQueue, moves_one_that_is_due_later) {
  queue.set(first, 1, now + 1s);
  queue.set(first, 1, now + 2s);
  EXPECT_FALSE(queue.poll(now + 1s));
  EXPECT_EQ(queue.next(), now + 2s);
  EXPECT_EQ(queue.size(), 1u);
}

TEST_F(TimerQueue, takes_one_in_again_that_was_due) {
  queue.set(first, 1, now);
  EXPECT_EQ(queue.poll(now), 1);
  first.reset();
  queue.set(first, 1, now + 2s);
  EXPECT_EQ(queue.next(), now + 2s);
}

TEST_F(TimerQueue, forgets_one_that_is_due_no_more) {
  queue.set(first, 1, now);
  queue.set(first, 1, std::nullopt);
  EXPECT_FALSE(queue.next());
}

}  // namespace
}  // namespace gof
