#include "forward/probe_coalescer.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace gof::forward {
namespace {

using namespace std::chrono_literals;
using asker = std::unique_ptr<int>;
using coalescer = probe_coalescer<asker, bool>;

class ProbeCoalescer : public ::testing::Test {
 protected:
  coalescer::step ask(std::chrono::milliseconds at) {
    auto who = std::make_unique<int>(++asked_);
    return probes_.ask(coalescer::time(at), who);
  }
  std::size_t answer(std::chrono::milliseconds at, bool outcome) {
    return probes_.handle_outcome(coalescer::time(at), outcome).size();
  }

  coalescer probes_;
  int asked_ = 0;
};

TEST_F(ProbeCoalescer, dials_for_the_first) {
  EXPECT_EQ(ask(0ms), coalescer::step::dial);
}

TEST_F(ProbeCoalescer, gives_one_outcome_to_all_who_asked_meanwhile) {
  ask(0ms);
  EXPECT_EQ(ask(10ms), coalescer::step::wait);
  EXPECT_EQ(ask(9'000ms), coalescer::step::wait);
  EXPECT_EQ(answer(9'500ms, true), 3u);
}

TEST_F(ProbeCoalescer, shares_an_outcome_for_a_second) {
  ask(0ms);
  answer(5ms, false);
  EXPECT_EQ(ask(1'004ms), coalescer::step::shared);
  EXPECT_FALSE(probes_.last());
  EXPECT_EQ(ask(1'005ms), coalescer::step::dial);
}

TEST_F(ProbeCoalescer, dials_at_most_once_a_second_however_many_ask) {
  int dials = 0;
  for (auto at = 0ms; at < 10'000ms; at += 1ms)
    if (ask(at) == coalescer::step::dial) {
      ++dials;
      answer(at, true);
    }
  EXPECT_EQ(dials, 10);
}

TEST_F(ProbeCoalescer, is_busy_when_too_many_wait_and_well_again_afterwards) {
  for (std::size_t i = 0; i < coalescer::most_waiting; ++i) EXPECT_NE(ask(0ms), coalescer::step::busy);
  EXPECT_EQ(ask(1ms), coalescer::step::busy);
  EXPECT_EQ(answer(2ms, true), coalescer::most_waiting);
  EXPECT_EQ(ask(3ms), coalescer::step::shared);
}

TEST_F(ProbeCoalescer, keeps_whom_it_keeps_and_leaves_the_others) {
  auto first = std::make_unique<int>(1);
  probes_.ask(coalescer::time(0ms), first);
  EXPECT_EQ(first, nullptr);
  answer(1ms, true);
  auto second = std::make_unique<int>(2);
  probes_.ask(coalescer::time(2ms), second);
  EXPECT_NE(second, nullptr);
}

}  // namespace
}  // namespace gof::forward
