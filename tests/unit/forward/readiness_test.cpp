#include "forward/readiness.hpp"

#include <gtest/gtest.h>

namespace gof::forward {
namespace {

using namespace std::chrono_literals;
using kind = readiness::news::kind;

constexpr readiness::time start{100s};

/// A state that has sent its first probe.
readiness asked() {
  readiness state(start);
  EXPECT_TRUE(state.poll_probe(start));
  return state;
}

readiness ready() {
  auto state = asked();
  EXPECT_EQ(state.handle_answer(start, {}).what, kind::ready);
  return state;
}

TEST(Readiness, asks_at_once_and_one_question_at_a_time) {
  readiness state(start);
  EXPECT_EQ(state.poll_timeout(), start);
  EXPECT_TRUE(state.poll_probe(start));
  EXPECT_FALSE(state.poll_probe(start + 1h));
  EXPECT_EQ(state.poll_timeout(), std::nullopt);
}

TEST(Readiness, never_asks_again_while_it_works) {
  auto state = ready();
  EXPECT_TRUE(state.is_ready());
  EXPECT_EQ(state.poll_timeout(), std::nullopt);
  state.handle_session_up(start + 1s);
  EXPECT_FALSE(state.poll_probe(start + 1h));
}

TEST(Readiness, asks_again_after_1_2_5_10_and_then_every_30_seconds) {
  auto state = asked();
  auto now = start;
  for (const auto pause : {1s, 2s, 5s, 10s, 30s, 30s, 30s}) {
    const auto news = state.handle_answer(now, errc::target_refused);
    EXPECT_EQ(news.what, kind::failed);
    EXPECT_EQ(news.again_in, pause);
    EXPECT_FALSE(state.poll_probe(now + pause - 1ms));
    now += pause;
    EXPECT_TRUE(state.poll_probe(now));
  }
}

TEST(Readiness, asks_again_after_refusals_too) {
  auto state = asked();
  auto now = start;
  for (const auto pause : {1s, 2s, 5s, 10s, 30s, 30s}) {
    EXPECT_EQ(state.handle_answer(now, errc::not_allowed).again_in, pause);
    EXPECT_EQ(state.poll_timeout(), now += pause);
    EXPECT_TRUE(state.poll_probe(now));
  }
}

TEST(Readiness, begins_with_a_second_again_once_it_worked) {
  auto state = asked();
  state.handle_answer(start, errc::target_refused);
  EXPECT_TRUE(state.poll_probe(start + 1s));
  state.handle_answer(start + 1s, {});
  EXPECT_EQ(state.handle_connection_failed(start + 2s, errc::target_refused)->again_in, 1s);
}

TEST(Readiness, calls_stale_what_was_told_at_each_step_before) {
  auto state = asked();
  auto now = start;
  for (int step = 0; step < 5; ++step) {
    EXPECT_FALSE(state.handle_answer(now, errc::target_refused).stale) << step;
    EXPECT_TRUE(state.poll_probe(now += 30s));
  }
  EXPECT_TRUE(state.handle_answer(now, errc::target_refused).stale);
}

TEST(Readiness, tells_a_refusal_from_a_failure_and_from_a_missing_path) {
  const std::pair<errc, kind> expected[] = {
      {errc::not_allowed, kind::refused},    {errc::withdrawn, kind::refused},
      {errc::wrong_identity, kind::refused}, {errc::unknown_service, kind::refused},
      {errc::target_refused, kind::failed},  {errc::target_timeout, kind::failed},
      {errc::target_unknown, kind::failed},  {errc::busy, kind::failed},
      {errc::version, kind::failed},         {errc::no_path, kind::waiting},
      {errc::timed_out, kind::waiting},      {errc::loop, kind::failed},
  };
  for (const auto& [error, what] : expected) {
    auto state = asked();
    EXPECT_EQ(state.handle_answer(start, error).what, what) << static_cast<int>(error);
    EXPECT_FALSE(state.was_ready());
  }
}

TEST(Readiness, asks_at_once_when_the_peer_is_reached) {
  auto state = asked();
  state.handle_answer(start, errc::no_path);
  state.handle_session_up(start + 100ms);
  EXPECT_TRUE(state.poll_probe(start + 100ms));
}

TEST(Readiness, ends_with_the_session_and_comes_back_with_the_next) {
  auto state = ready();
  state.handle_session_over(start + 5s);
  EXPECT_FALSE(state.is_ready());
  EXPECT_TRUE(state.was_ready());
  state.handle_session_up(start + 5s);
  EXPECT_TRUE(state.poll_probe(start + 5s));
  EXPECT_EQ(state.handle_answer(start + 6s, {}).what, kind::ready);
}

TEST(Readiness, does_not_believe_an_answer_from_a_session_that_is_over) {
  auto state = asked();
  state.handle_session_over(start);
  EXPECT_EQ(state.handle_answer(start, {}).what, kind::waiting);
  EXPECT_FALSE(state.is_ready());
}

TEST(Readiness, ends_with_a_connection_whose_target_failed_and_not_with_one_that_was_reset) {
  auto state = ready();
  EXPECT_FALSE(state.handle_connection_failed(start, errc::reset));
  EXPECT_FALSE(state.handle_connection_failed(start, errc::no_path));
  EXPECT_TRUE(state.is_ready());
  EXPECT_EQ(state.handle_connection_failed(start, errc::target_timeout)->what, kind::failed);
  EXPECT_FALSE(state.handle_connection_failed(start, errc::target_timeout));
  EXPECT_EQ(state.poll_timeout(), start + 1s);
}

}  // namespace

}  // namespace gof::forward
