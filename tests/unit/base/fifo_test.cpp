#include "base/fifo.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <random>

namespace gof {
namespace {

TEST(Fifo, gives_what_it_was_given_in_order_as_a_deque_does) {
  std::mt19937 random(1);
  fifo<int> q;
  std::deque<int> same;
  EXPECT_TRUE(q.empty());
  for (int i = 0; i < 20'000; ++i) {
    // Longer for a while, then shorter: so it is empty now and then, and has hundreds at other times.
    const bool more = random() % 100 < (i / 1000 % 2 == 0 ? 75u : 25u);
    if (more || same.empty()) {
      q.push_back(i);
      same.push_back(i);
    } else if (random() % 8 == 0) {
      q.pop_back();
      same.pop_back();
    } else {
      q.pop_front();
      same.pop_front();
    }
    ASSERT_EQ(q.size(), same.size());
    ASSERT_EQ(q.empty(), same.empty());
    if (same.empty()) continue;
    ASSERT_EQ(q.front(), same.front());
    ASSERT_EQ(q.back(), same.back());
    ASSERT_EQ(q[same.size() / 2], same[same.size() / 2]);
  }
}

TEST(Fifo, frees_an_element_when_it_is_removed) {
  fifo<std::shared_ptr<int>> q;
  const auto one = std::make_shared<int>(1);
  q.push_back(one);
  q.push_back(std::make_shared<int>(2));
  EXPECT_EQ(one.use_count(), 2);
  q.pop_front();
  EXPECT_EQ(one.use_count(), 1);
  q.push_back(one);
  q.clear();
  EXPECT_EQ(one.use_count(), 1);
  EXPECT_TRUE(q.empty());
}

}  // namespace
}  // namespace gof
