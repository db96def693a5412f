#include "node/inflows.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

using verdict = inflows::verdict;

constexpr link_id west{1}, north{3};

struct Inflows : ::testing::Test {
  inflows at;
  instant now{1000s};

  static wire::flow flow(std::uint16_t source, std::uint16_t generation = 1) {
    wire::flow made;
    made.source.value[0] = static_cast<std::uint8_t>(source >> 8);
    made.source.value[1] = static_cast<std::uint8_t>(source);
    made.generation = generation;
    return made;
  }
  verdict take(const wire::flow& id, std::size_t size = 1, link_id from = west) {
    return at.take(now, from, id, size);
  }
};

TEST_F(Inflows, begins_a_flow_with_its_first_bytes) {
  EXPECT_FALSE(at.contains(west, flow(1)));
  EXPECT_EQ(take(flow(1)), verdict::taken);
  EXPECT_TRUE(at.contains(west, flow(1)));
  EXPECT_FALSE(at.contains(north, flow(1)));
  EXPECT_EQ(at.size(), 1u);
}

TEST_F(Inflows, lets_no_more_wait_than_was_granted) {
  EXPECT_EQ(take(flow(1), inflow_credit::first_window), verdict::taken);
  EXPECT_EQ(take(flow(1)), verdict::beyond);
}

TEST_F(Inflows, grants_more_as_bytes_go_on) {
  ASSERT_EQ(take(flow(1), inflow_credit::first_window), verdict::taken);
  const auto grant = at.release(west, flow(1), inflow_credit::first_window);
  ASSERT_TRUE(grant);
  EXPECT_EQ(grant->flow, flow(1));
  EXPECT_GT(grant->limit, inflow_credit::first_window);
  EXPECT_EQ(take(flow(1), grant->limit - inflow_credit::first_window), verdict::taken);
  EXPECT_FALSE(at.release(west, flow(2), 1)) << "the flow is unknown";
}

TEST_F(Inflows, forgets_one_that_closed) {
  ASSERT_EQ(take(flow(1)), verdict::taken);
  at.close(west, flow(1));
  EXPECT_EQ(at.size(), 0u);
  at.close(west, flow(1));
  EXPECT_EQ(at.size(), 0u);
}

TEST_F(Inflows, does_not_begin_again_what_ended_before_its_time) {
  ASSERT_EQ(take(flow(1, 5)), verdict::taken);
  at.end(now, west, flow(1, 5));
  EXPECT_EQ(take(flow(1, 5)), verdict::ended);
  EXPECT_EQ(take(flow(1, 4)), verdict::ended);
  EXPECT_EQ(take(flow(1, 6)), verdict::taken);
}

TEST_F(Inflows, remembers_that_for_a_while_for_generations_wrap) {
  ASSERT_EQ(take(flow(1, 5)), verdict::taken);
  at.end(now, west, flow(1, 5));
  now += inflows::ended_time;
  EXPECT_EQ(take(flow(1, 5)), verdict::taken);
}

TEST_F(Inflows, remembers_no_end_of_a_flow_that_never_was) {
  at.end(now, west, flow(1, 5));
  EXPECT_EQ(take(flow(1, 5)), verdict::taken);
}

TEST_F(Inflows, takes_a_thousand_of_a_link_and_more_of_another) {
  for (std::uint16_t i = 0; i < inflows::most_flows; ++i) ASSERT_EQ(take(flow(i)), verdict::taken);
  EXPECT_EQ(take(flow(5000)), verdict::busy);
  EXPECT_EQ(take(flow(5000), 1, north), verdict::taken);
  at.close(west, flow(0));
  EXPECT_EQ(take(flow(5000)), verdict::taken);
}

TEST_F(Inflows, opens_the_window_only_so_far_for_all_of_a_link) {
  at.handle_round_trip(west, 100ms);
  std::uint64_t granted = 0;
  for (std::uint16_t i = 0; i < inflows::most_flows; ++i) {
    ASSERT_EQ(take(flow(i), 1), verdict::taken);
    // Each asks for as much as it can get.
    for (int round = 0; round < 12; ++round) {
      at.handle_blocked(west, flow(i));
      const auto room = at.may_hold(west, flow(i));
      if (take(flow(i), room - 1) != verdict::taken) break;
      at.release(west, flow(i), room);
    }
    granted += at.may_hold(west, flow(i));
  }
  EXPECT_LE(granted, inflows::most_window + inflows::most_flows * inflow_credit::first_window);
  EXPECT_GE(granted, inflows::most_window / 2) << "otherwise the test shows nothing";
}

TEST_F(Inflows, knows_nothing_of_a_link_that_died) {
  ASSERT_EQ(take(flow(1, 5)), verdict::taken);
  ASSERT_EQ(take(flow(1, 5), 1, north), verdict::taken);
  at.end(now, west, flow(1, 5));
  at.handle_link_down(west);
  EXPECT_EQ(take(flow(1, 5)), verdict::taken) << "on another link it is a new flow";
  EXPECT_EQ(at.size(), 2u);
}

}  // namespace
}  // namespace gof::core
