#include "link/credit.hpp"

#include "base/time.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>

namespace gof::core {
namespace {

constexpr std::size_t largest = 65536;

TEST(Credit, lets_the_first_window_come_without_a_word_and_no_byte_more) {
  inflow_credit in;
  EXPECT_TRUE(in.take(largest));
  EXPECT_TRUE(in.take(largest));
  EXPECT_FALSE(in.take(1));
  EXPECT_EQ(in.held(), 2 * largest);
}

TEST(Credit, is_granted_in_steps_of_an_eighth_of_the_window) {
  inflow_credit in;
  ASSERT_TRUE(in.take(40'000));
  in.release(16'383);
  EXPECT_FALSE(in.poll_grant(inflow_credit::most_window));
  in.release(1);
  EXPECT_EQ(in.poll_grant(inflow_credit::most_window), inflow_credit::first_window + 16'384);
  EXPECT_FALSE(in.poll_grant(inflow_credit::most_window));
}

/// How much a distant sender gets through in a second, sending whatever it may.
std::uint64_t sent_in_a_second(duration round_trip, std::uint64_t most) {
  inflow_credit in;
  outflow_credit out;
  std::multimap<instant, std::size_t> arrivals;
  std::multimap<instant, std::uint64_t> limits;
  std::deque<instant> blocked;
  std::uint64_t sent = 0;
  for (instant now{}; now < instant{} + 1s; now += 100us) {
    for (; !limits.empty() && limits.begin()->first <= now; limits.erase(limits.begin()))
      out.raise(limits.begin()->second);
    for (int i = 0; i < 2 && out.covers(8192); ++i) {
      out.count(8192);
      sent += 8192;
      arrivals.emplace(now + round_trip / 2, 8192);
    }
    if (!out.covers(8192) && out.note_blocked()) blocked.push_back(now + round_trip / 2);
    for (; !blocked.empty() && blocked.front() <= now; blocked.pop_front()) in.handle_blocked();
    for (; !arrivals.empty() && arrivals.begin()->first <= now; arrivals.erase(arrivals.begin())) {
      EXPECT_TRUE(in.take(8192));
      in.release(8192);
      if (const auto limit = in.poll_grant(most)) limits.emplace(now + round_trip / 2, *limit);
    }
  }
  return sent;
}

TEST(Credit, window_grows_until_it_is_not_what_limits_the_flow) {
  const auto wanted = std::uint64_t{8192} * 2 * 10'000;  // all that the sender offers
  EXPECT_GE(sent_in_a_second(40ms, inflow_credit::most_window), wanted * 7 / 10);
}

TEST(Credit, window_stays_when_the_links_budget_has_no_room) {
  EXPECT_LE(sent_in_a_second(40ms, inflow_credit::first_window), 26 * inflow_credit::first_window);
}

TEST(Credit, window_shrinks_while_some_of_it_always_waits_but_not_below_the_least) {
  inflow_credit in;
  outflow_credit out;
  const auto fill = [&] {
    while (out.covers(8192)) {
      out.count(8192);
      ASSERT_TRUE(in.take(8192));
    }
  };
  std::uint64_t last = 0;
  for (int i = 0; i < 1000; ++i) {
    fill();
    in.release(8192);  // the next hop is slow: what was granted waits here
    if (const auto limit = in.poll_grant(inflow_credit::most_window)) {
      EXPECT_GT(*limit, last) << "a limit never decreases";
      last = *limit;
      out.raise(*limit);
    }
  }
  EXPECT_EQ(in.window(), inflow_credit::least_window);
  EXPECT_LE(in.held(), inflow_credit::first_window);
}

/// A flow that uses up each grant at once, one window at a time.
void pass_windows(inflow_credit& in, int count, std::uint64_t most) {
  for (int i = 0; i < count; ++i) {
    const auto size = static_cast<std::size_t>(in.window());
    in.handle_blocked();
    ASSERT_TRUE(in.take(size));
    in.release(size);
    ASSERT_TRUE(in.poll_grant(most));
  }
}

TEST(Credit, window_stays_small_where_the_neighbour_is_near) {
  inflow_credit in;
  pass_windows(in, 8, inflow_credit::near_window);
  EXPECT_EQ(in.window(), inflow_credit::near_window);
}

TEST(Credit, window_shrinks_once_the_neighbour_proves_to_be_near) {
  inflow_credit in;
  pass_windows(in, 5, inflow_credit::most_window);
  EXPECT_GT(in.window(), inflow_credit::near_window);
  pass_windows(in, 2, inflow_credit::near_window);
  EXPECT_EQ(in.window(), inflow_credit::near_window);
}

/// With any packet sizes, a waiting sender gets credit once nothing waits at the receiver.
TEST(Credit, never_deadlocks_with_the_largest_packets) {
  inflow_credit in;
  outflow_credit out;
  std::uint64_t sent = 0;
  for (int i = 0; i < 5000; ++i) {
    const std::size_t size = i % 3 == 0 ? largest : 1 + static_cast<std::size_t>(i) * 7919 % largest;
    ASSERT_TRUE(out.covers(size)) << "after " << sent;
    out.count(size);
    ASSERT_TRUE(in.take(size));
    sent += size;
    in.release(size);
    if (const auto limit = in.poll_grant(inflow_credit::first_window)) out.raise(*limit);
  }
}

}  // namespace
}  // namespace gof::core
