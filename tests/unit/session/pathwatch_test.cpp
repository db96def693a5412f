#include "session/pathwatch.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace gof::core {
namespace {

using namespace std::chrono_literals;

struct Pathwatch : ::testing::Test {
  pathwatch watch;
  instant now{100s};

  void start() {
    watch.start(now, 60s);
    watch.handle_demand(now, pathwatch::demand::busy);
  }
  std::uint32_t probe() {
    now = std::max(now, *watch.poll_timeout());
    const auto number = watch.poll_probe(now);
    EXPECT_TRUE(number);
    return number.value_or(0);
  }
  void answer(std::uint32_t number, duration after) {
    now += after;
    watch.handle_reply(now, number);
  }
};

TEST_F(Pathwatch, asks_four_times_a_second_while_busy) {
  start();
  answer(probe(), 10ms);
  const auto before = now;
  for (int i = 0; i < 4; ++i) answer(probe(), 10ms);
  EXPECT_EQ(now - before, duration(1s));
}

TEST_F(Pathwatch, kept_probes_in_the_same_slots_as_all_others_and_never_later_than_every_2_s) {
  for (const auto offset : {0ms, 13ms, 57ms, 99ms}) {
    pathwatch one;
    now = instant(100s) + offset;
    one.start(now, 60s);
    one.handle_demand(now, pathwatch::demand::kept);
    for (int i = 0; i < 5; ++i) {
      const auto asked = *one.poll_timeout();
      now = asked + 300us;  // the loop was late
      const auto number = one.poll_probe(now);
      ASSERT_TRUE(number);
      one.handle_reply(now + 20ms, *number);
      const auto next = *one.poll_timeout();
      EXPECT_EQ(next.time_since_epoch() % pathwatch::slot, duration::zero());
      EXPECT_LE(next - now, pathwatch::kept_interval);
      EXPECT_GT(next - now, pathwatch::kept_interval - pathwatch::slot);
    }
  }
}

TEST_F(Pathwatch, answers_held_back_by_a_relay_do_not_make_it_ask_less_often_than_every_2_s) {
  start();
  answer(probe(), 10ms);
  std::uint32_t held = probe();
  for (int i = 0; i < 20; ++i) {
    const auto asked = now;
    const auto next = probe();
    EXPECT_LE(now - asked, pathwatch::longest_wait + pathwatch::busy_interval);
    if (i % 3 != 2) continue;
    answer(held, 0ms);
    held = next;
  }
  EXPECT_GT(*watch.round_trip(), duration(1s)) << "late answers were measured";
}

TEST_F(Pathwatch, does_not_doubt_a_path_whose_answers_always_take_3_s) {
  start();
  std::deque<std::pair<instant, std::uint32_t>> flying;
  bool doubted = false;
  for (int i = 0; i < 40; ++i) {
    const auto due = *watch.poll_timeout();
    if (!flying.empty() && flying.front().first <= due) {
      now = flying.front().first;
      watch.handle_reply(now, flying.front().second);
      flying.pop_front();
    } else {
      now = due;
      if (const auto number = watch.poll_probe(now)) flying.emplace_back(now + 3s, *number);
    }
    if (i > 10) doubted = doubted || watch.doubtful();
  }
  EXPECT_FALSE(doubted);
}

TEST_F(Pathwatch, asked_for_a_round_trip_probes_at_once_and_tells_it) {
  watch.start(now, 60s);
  answer(probe(), 10ms);
  EXPECT_FALSE(watch.poll_answer()) << "no round trip was asked for";
  now += 100s;
  EXPECT_FALSE(watch.poll_probe(now)) << "no probe is needed";
  watch.ask(now);
  const auto number = watch.poll_probe(now);
  ASSERT_TRUE(number);
  answer(*number, 30ms);
  EXPECT_EQ(watch.poll_answer(), duration(30ms)) << "this round trip, not the smoothed one";
  EXPECT_FALSE(watch.poll_answer());
  EXPECT_FALSE(watch.poll_probe(now + 100s)) << "one probe is enough";
}

TEST_F(Pathwatch, answer_to_an_older_probe_is_not_what_was_asked_for) {
  start();
  const auto older = probe();
  watch.ask(now);
  answer(older, 10ms);
  EXPECT_FALSE(watch.poll_answer());
}

TEST_F(Pathwatch, asked_goes_on_probing_until_there_is_an_answer) {
  watch.start(now, 60s);
  answer(probe(), 10ms);
  watch.ask(now);
  probe();
  const auto second = probe();
  answer(second, 20ms);
  EXPECT_EQ(watch.poll_answer(), duration(20ms));
}

}  // namespace
}  // namespace gof::core
