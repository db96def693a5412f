#include "net/loop.hpp"

#include <gtest/gtest.h>

namespace gof::net {
namespace {

struct counting : loop::member {
  std::optional<instant> due;
  int timeouts = 0;
  int pumps = 0;

  std::optional<instant> poll_timeout() const override { return due; }
  void handle_timeout(instant) override {
    ++timeouts;
    due.reset();
  }
  bool handle_events(instant) override { return false; }
  bool flush(instant) override {
    ++pumps;
    return false;
  }
};

}  // namespace

TEST(Loop, is_one_to_a_process_until_it_is_let_go) {
  boost::asio::io_context one, two;
  auto first = loop::on(one);
  ASSERT_TRUE(first);
  EXPECT_EQ(loop::on(one), first);
  EXPECT_EQ(loop::on(two), nullptr);
  first.reset();
  EXPECT_TRUE(loop::on(two));
}

TEST(Loop, pumps_every_member_once_for_many_touches) {
  boost::asio::io_context io;
  const auto on = loop::on(io);
  const auto a = std::make_shared<counting>(), b = std::make_shared<counting>();
  on->add(a);
  on->add(b);
  for (int i = 0; i < 10; ++i) on->touch();
  io.run();
  EXPECT_EQ(a->pumps, 1);
  EXPECT_EQ(b->pumps, 1);
}

TEST(Loop, wakes_the_member_that_is_due_and_sleeps_again) {
  boost::asio::io_context io;
  const auto on = loop::on(io);
  const auto soon = std::make_shared<counting>(), late = std::make_shared<counting>();
  soon->due = clock_now() + 5ms;
  late->due = clock_now() + 1h;
  on->add(soon);
  on->add(late);
  const auto began = clock_now();
  while (soon->timeouts == 0) ASSERT_GT(io.run_one_for(10s), 0u);
  EXPECT_GE(clock_now() - began, 4ms);
  EXPECT_EQ(late->timeouts, 0);
  on->remove(*soon);
  on->remove(*late);
  io.run_for(10s);
  EXPECT_TRUE(io.stopped()) << "something keeps the context running";
}

TEST(Loop, takes_an_earlier_deadline_than_the_one_it_sleeps_for) {
  boost::asio::io_context io;
  const auto on = loop::on(io);
  const auto one = std::make_shared<counting>();
  one->due = clock_now() + 1h;
  on->add(one);
  io.poll();
  one->due = clock_now() + 1ms;
  on->touch();
  while (one->timeouts == 0) ASSERT_GT(io.run_one_for(10s), 0u);
  SUCCEED();
}

TEST(Loop, a_member_that_went_is_not_asked) {
  boost::asio::io_context io;
  const auto on = loop::on(io);
  auto one = std::make_shared<counting>();
  const auto other = std::make_shared<counting>();
  on->add(one);
  on->add(other);
  one.reset();
  io.run();
  EXPECT_EQ(other->pumps, 1);
}

}  // namespace gof::net
