#include "link/liveness.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

using namespace std::chrono_literals;

struct Liveness : ::testing::Test {
  liveness watch;
  instant now{100s};

  /// The link is up, and its round trip was measured.
  void measure(duration round_trip) {
    watch.start(now);
    const auto token = watch.poll_ping(now);
    ASSERT_TRUE(token);
    now += round_trip;
    watch.handle_received(now);
    watch.handle_pong(now, *token);
  }
  /// From now on nothing arrives: when the link counts as dead.
  duration silence(instant since, unsigned& pings) {
    for (pings = 0;;) {
      now = *watch.poll_timeout();
      if (watch.dead(now)) return now - since;
      pings += watch.poll_ping(now).has_value();
      if (pings > 10) return duration::max();
    }
  }
};

TEST_F(Liveness, measures_a_link_that_is_never_silent_too) {
  watch.start(now);
  watch.handle_received(now);
  EXPECT_TRUE(watch.poll_ping(now));
  watch.handle_received(now);
  EXPECT_FALSE(watch.poll_ping(now));
  EXPECT_EQ(watch.poll_timeout(), now + liveness::idle_interval);
}

TEST_F(Liveness, dies_within_3_s_of_what_it_sent_in_vain) {
  measure(40ms);
  const auto since = now;
  watch.handle_sent(now);
  unsigned pings = 0;
  EXPECT_EQ(silence(since, pings), duration(2500ms));
  EXPECT_EQ(pings, liveness::most_misses);
}

TEST_F(Liveness, dies_at_once_after_three_quick_pings_when_doubted) {
  measure(40ms);
  now += 1s;
  watch.doubt(now);
  EXPECT_EQ(watch.poll_timeout(), now);
  unsigned pings = 0;
  EXPECT_EQ(silence(now, pings), duration(1500ms));
  EXPECT_EQ(pings, liveness::most_misses);
}

TEST_F(Liveness, doubt_hurries_the_pings_that_are_out) {
  measure(40ms);
  now += liveness::idle_interval;
  ASSERT_TRUE(watch.poll_ping(now));
  EXPECT_EQ(watch.poll_timeout(), now + 1s);
  now += 100ms;
  watch.doubt(now);
  EXPECT_EQ(watch.poll_timeout(), now + 400ms);
  now += 10ms;
  watch.doubt(now);  // once more, which is no sooner
  EXPECT_EQ(watch.poll_timeout(), now + 390ms);
}

TEST_F(Liveness, takes_its_time_when_nobody_waits) {
  measure(40ms);
  unsigned pings = 0;
  EXPECT_EQ(silence(now, pings), duration(8s));
  EXPECT_EQ(pings, liveness::most_misses);
}

TEST_F(Liveness, gives_a_far_link_two_round_trips_for_each_answer) {
  measure(400ms);
  auto since = now;
  watch.handle_sent(now);
  unsigned pings = 0;
  EXPECT_EQ(silence(since, pings), duration(1s + 3 * 800ms));
  watch = {};
  measure(5s);
  since = now;
  watch.handle_sent(now);
  EXPECT_EQ(silence(since, pings), duration(4s)) << "one second more, as anything that arrives counts";
}

TEST_F(Liveness, forgets_doubt_with_any_sign_of_life) {
  measure(40ms);
  watch.doubt(now);
  ASSERT_TRUE(watch.poll_ping(now));
  watch.handle_received(now);
  EXPECT_EQ(watch.poll_timeout(), now + liveness::idle_interval);
  unsigned pings = 0;
  EXPECT_EQ(silence(now, pings), duration(8s));
}

}  // namespace
}  // namespace gof::core
