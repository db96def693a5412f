#include "forward/probe_desk.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace gof::forward {
namespace {

using namespace std::chrono_literals;
using asker = std::unique_ptr<int>;
using desk = probe_desk<asker, bool>;

class ProbeDesk : public ::testing::Test {
 protected:
  desk::step ask(std::chrono::milliseconds at) {
    auto who = std::make_unique<int>(++asked_);
    return probes_.ask(desk::time(at), who);
  }
  std::size_t answer(std::chrono::milliseconds at, bool outcome) {
    return probes_.handle_outcome(desk::time(at), outcome).size();
  }

  desk probes_;
  int asked_ = 0;
};

TEST_F(ProbeDesk, dials_for_the_first) {
  EXPECT_EQ(ask(0ms), desk::step::dial);
}

TEST_F(ProbeDesk, gives_one_outcome_to_all_who_asked_meanwhile) {
  ask(0ms);
  EXPECT_EQ(ask(10ms), desk::step::wait);
  EXPECT_EQ(ask(9'000ms), desk::step::wait);
  EXPECT_EQ(answer(9'500ms, true), 3u);
}

TEST_F(ProbeDesk, shares_an_outcome_for_a_second) {
  ask(0ms);
  answer(5ms, false);
  EXPECT_EQ(ask(1'004ms), desk::step::shared);
  EXPECT_FALSE(probes_.last());
  EXPECT_EQ(ask(1'005ms), desk::step::dial);
}

TEST_F(ProbeDesk, dials_at_most_once_a_second_however_many_ask) {
  int dials = 0;
  for (auto at = 0ms; at < 10'000ms; at += 1ms)
    if (ask(at) == desk::step::dial) {
      ++dials;
      answer(at, true);
    }
  EXPECT_EQ(dials, 10);
}

TEST_F(ProbeDesk, is_busy_when_too_many_wait_and_well_again_afterwards) {
  for (std::size_t i = 0; i < desk::most_waiting; ++i) EXPECT_NE(ask(0ms), desk::step::busy);
  EXPECT_EQ(ask(1ms), desk::step::busy);
  EXPECT_EQ(answer(2ms, true), desk::most_waiting);
  EXPECT_EQ(ask(3ms), desk::step::shared);
}

TEST_F(ProbeDesk, keeps_whom_it_keeps_and_leaves_the_others) {
  auto first = std::make_unique<int>(1);
  probes_.ask(desk::time(0ms), first);
  EXPECT_EQ(first, nullptr);
  answer(1ms, true);
  auto second = std::make_unique<int>(2);
  probes_.ask(desk::time(2ms), second);
  EXPECT_NE(second, nullptr);
}

}  // namespace
}  // namespace gof::forward
