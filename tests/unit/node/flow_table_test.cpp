#include "node/flow_table.hpp"

#include "flow_packet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

namespace gof::core {
namespace {

using verdict = flow_table::verdict;
using wire::frame_type;

constexpr link_id west{1}, east{2}, north{3};

node_id named(std::uint8_t letter) {
  node_id id;
  id.value.fill(letter);
  return id;
}

struct FlowTable : ::testing::Test {
  flow_table at;
  instant now{1000s};

  static wire::flow flow(std::uint8_t source, std::uint16_t generation = 1) {
    return {named(source), named('z'), generation};
  }
  verdict pass(const wire::flow& id, std::size_t size, link_id from = west, link_id to = east) {
    return at.pass(now, from, to, flow_packet(id, size));
  }
  /// All messages for a link so far; those for others are kept.
  std::map<link_id, std::vector<link_message>> told;
  std::vector<link_message> messages(link_id link) {
    while (auto m = at.poll_message()) told[m->link].push_back(std::move(*m));
    return std::exchange(told[link], {});
  }
  std::optional<frame_type> only_message(link_id link) {
    const auto all = messages(link);
    EXPECT_LE(all.size(), 1u);
    return all.empty() ? std::nullopt : std::optional(all.front().type);
  }
};

TEST_F(FlowTable, passes_packets_on_in_order_and_frees_all_when_the_source_ends) {
  for (std::size_t i = 1; i <= 5; ++i) ASSERT_EQ(pass(flow('a'), i), verdict::taken);
  EXPECT_EQ(at.held_bytes(), 15u);
  at.handle_close(now, west, flow('a'));
  EXPECT_TRUE(messages(east).empty()) << "the end follows what waits";
  for (std::size_t i = 1; i <= 5; ++i) EXPECT_EQ(at.poll_data(east)->payload.size(), i);
  EXPECT_FALSE(at.poll_data(east));
  EXPECT_EQ(only_message(east), frame_type::flow_close);
  EXPECT_EQ(at.flows(), 0u);
  EXPECT_EQ(at.held_bytes(), 0u);
}

TEST_F(FlowTable, calls_a_neighbour_hostile_that_sends_more_than_was_granted) {
  EXPECT_EQ(pass(flow('a'), 65'536), verdict::taken);
  EXPECT_EQ(pass(flow('a'), 65'536), verdict::taken);
  EXPECT_EQ(pass(flow('a'), 1), verdict::beyond);
  EXPECT_EQ(at.arrive(now, west, flow('b'), 131'073), verdict::beyond);
}

TEST_F(FlowTable, does_not_begin_a_flow_of_which_it_has_refused_a_packet) {
  at.refuse(now, west, flow('a'), wire::reason::unknown_route);
  EXPECT_EQ(only_message(west), frame_type::flow_reset);
  EXPECT_EQ(pass(flow('a'), 1), verdict::ended) << "it was under way when the reset was sent";
  EXPECT_EQ(at.arrive(now, west, flow('a'), 1), verdict::ended);
  EXPECT_EQ(at.flows(), 0u);
  EXPECT_EQ(pass(flow('a', 2), 1), verdict::taken);
}

TEST_F(FlowTable, grants_a_wide_window_at_once_on_a_link_that_is_known_to_be_far) {
  at.handle_round_trip(east, 100us);
  at.handle_round_trip(north, 100ms);
  for (const auto link : {west, east, north})
    ASSERT_EQ(at.arrive(now, link, flow('a'), 1000), verdict::taken);
  EXPECT_TRUE(messages(west).empty());
  EXPECT_TRUE(messages(east).empty());
  EXPECT_EQ(only_message(north), frame_type::hop_credit);
  EXPECT_EQ(at.arrive(now, north, flow('a'), 512 * 1024), verdict::taken);
}

TEST_F(FlowTable, grants_no_more_wide_windows_once_there_are_many) {
  at.handle_round_trip(north, 100ms);
  std::uint16_t wide = 0;
  for (std::uint16_t i = 1; i <= 200; ++i) {
    ASSERT_EQ(at.arrive(now, north, flow('a', i), 1000), verdict::taken);
    if (!messages(north).empty()) ++wide;
  }
  EXPECT_EQ(wide, inflows::many_windows / inflow_credit::far_window_at_first + 1);
}

TEST_F(FlowTable, sends_no_more_than_the_next_link_granted_and_others_go_on) {
  for (int i = 0; i < 2; ++i) ASSERT_EQ(pass(flow('a'), 60'000), verdict::taken);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(at.poll_data(east));
  const auto granted = messages(west);
  ASSERT_FALSE(granted.empty()) << "it was relayed, so more may come";
  EXPECT_EQ(pass(flow('a'), 60'000), verdict::taken);
  EXPECT_EQ(pass(flow('b'), 10), verdict::taken);
  EXPECT_EQ(at.poll_data(east)->payload.size(), 10u);
  EXPECT_FALSE(at.poll_data(east)) << "the credit was 128 KiB";
  at.handle_credit(east, {flow('a'), 200'000});
  EXPECT_EQ(at.poll_data(east)->payload.size(), 60'000u);
}

TEST_F(FlowTable, lets_a_packet_pass_at_once_only_where_nothing_waits_and_credit_is_there) {
  const auto at_once = [&](const wire::flow& id, std::size_t size) {
    return at.pass_at_once(now, west, east, flow_packet(id, 0).head, size);
  };
  EXPECT_FALSE(at_once(flow('a'), 1000)) << "the flow is unknown yet";
  ASSERT_EQ(pass(flow('a'), 1000), verdict::taken);
  EXPECT_FALSE(at_once(flow('a'), 1000)) << "another packet waits before it";
  ASSERT_TRUE(at.poll_data(east));
  EXPECT_TRUE(at_once(flow('a'), 60'000));
  EXPECT_TRUE(at_once(flow('a'), 60'000));
  EXPECT_FALSE(at_once(flow('a'), 60'000)) << "the next link granted no more";
  at.handle_credit(east, {flow('a'), 500'000});
  EXPECT_TRUE(at_once(flow('a'), 60'000));
  ASSERT_EQ(pass(flow('b'), 10), verdict::taken);
  EXPECT_FALSE(at_once(flow('a'), 1)) << "another flow's packet waits";
  ASSERT_TRUE(at.poll_data(east));
  EXPECT_TRUE(at_once(flow('a'), 1));
  at.begin(east, named('o'), named('z'));
  EXPECT_FALSE(at_once(flow('a'), 1)) << "a flow of our own uses that link";
}

TEST_F(FlowTable, gives_every_flow_as_many_bytes_whatever_its_packets_sizes) {
  std::map<node_id, std::size_t> seen;
  for (int i = 0; i < 400; ++i) {
    while (pass(flow('a'), 60'000) == verdict::taken) at.handle_credit(east, {flow('a'), 1 << 30});
    while (pass(flow('b'), 1'000) == verdict::taken) at.handle_credit(east, {flow('b'), 1 << 30});
    const auto p = at.poll_data(east);
    ASSERT_TRUE(p);
    seen[p->head.source] += p->payload.size();
  }
  EXPECT_NEAR(static_cast<double>(seen[named('a')]), static_cast<double>(seen[named('b')]), 2 * 65'536.0);
}

/// Accomplices: one sends and vanishes, the other grants no credit.
TEST_F(FlowTable, bounds_what_was_reset_and_waits_for_credit) {
  for (std::uint16_t i = 1; i <= 300; ++i) {
    const auto id = flow('a', i);
    for (int k = 0; k < 2; ++k) ASSERT_EQ(pass(id, 65'536), verdict::taken);
    at.handle_reset(now, west, {id, wire::reason::none});
  }
  EXPECT_EQ(at.held_bytes(), passages::most_orphaned);
  EXPECT_TRUE(messages(east).empty()) << "the next node does not know the dropped flows";
  EXPECT_EQ(at.poll_timeout(), now + passages::orphan_time);
  now += passages::orphan_time;
  at.handle_timeout(now);
  EXPECT_EQ(at.held_bytes(), 0u);
  EXPECT_EQ(at.flows(), 0u);
  EXPECT_FALSE(at.poll_data(east));
}

TEST_F(FlowTable, gives_up_in_time_what_waits_behind_a_dead_link_and_says_so) {
  for (int i = 0; i < 2; ++i) ASSERT_EQ(pass(flow('a'), 65'536), verdict::taken);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(at.poll_data(east));
  ASSERT_EQ(pass(flow('a'), 65'536), verdict::taken);
  at.handle_link_down(now, west);
  messages(east);
  now += passages::orphan_time;
  at.handle_timeout(now);
  EXPECT_EQ(only_message(east), frame_type::flow_reset);
  EXPECT_EQ(at.held_bytes(), 0u);
  EXPECT_EQ(at.flows(), 0u);
}

TEST_F(FlowTable, tells_upstream_at_once_when_the_link_ahead_dies) {
  ASSERT_EQ(pass(flow('a'), 1000), verdict::taken);
  at.handle_link_down(now, east);
  EXPECT_EQ(only_message(west), frame_type::flow_reset);
  EXPECT_EQ(at.flows(), 0u);
  EXPECT_EQ(at.held_bytes(), 0u);
  EXPECT_EQ(pass(flow('a'), 1000, west, north), verdict::ended) << "late packets do not begin it again";
  EXPECT_EQ(pass(flow('a', 2), 1000, west, north), verdict::taken);
  now += inflows::ended_time;
  EXPECT_EQ(pass(flow('a', 1), 1000, west, east), verdict::taken) << "generations wrap around";
}

TEST_F(FlowTable, passes_on_what_it_holds_when_the_link_behind_dies_and_then_resets) {
  ASSERT_EQ(pass(flow('a'), 1000), verdict::taken);
  at.handle_link_down(now, west);
  EXPECT_TRUE(messages(east).empty());
  EXPECT_TRUE(at.poll_data(east));
  EXPECT_EQ(only_message(east), frame_type::flow_reset);
  EXPECT_TRUE(messages(west).empty());
  EXPECT_EQ(at.flows(), 0u);
}

TEST_F(FlowTable, tells_which_of_our_own_flows_lost_their_way) {
  const auto one = at.begin(east, named('a'), named('z'));
  const auto two = at.begin(west, named('a'), named('y'));
  EXPECT_NE(one.generation, two.generation);
  at.handle_reset(now, east, {one, wire::reason::none});
  EXPECT_EQ(at.poll_lost(), one);
  at.handle_link_down(now, west);
  EXPECT_EQ(at.poll_lost(), two);
  EXPECT_EQ(at.flows(), 0u);
}

TEST_F(FlowTable, spends_its_own_credit_and_ends_in_band) {
  const auto own = at.begin(east, named('a'), named('z'));
  EXPECT_EQ(at.credit(east, own), 131'072u);
  at.count(east, own, 131'072);
  EXPECT_EQ(at.credit(east, own), 0u);
  at.handle_shortage(east, own);
  EXPECT_EQ(only_message(east), frame_type::flow_blocked);
  at.handle_shortage(east, own);
  EXPECT_TRUE(messages(east).empty()) << "once for each limit";
  at.handle_credit(east, {own, 131'073});
  EXPECT_EQ(at.credit(east, own), 1u);
  at.end(east, own);
  EXPECT_EQ(only_message(east), frame_type::flow_close);
  EXPECT_EQ(at.credit(east, own), 0u);
}

TEST_F(FlowTable, takes_a_thousand_flows_of_a_link_and_no_more) {
  for (std::uint16_t i = 0; i < inflows::most_flows; ++i) {
    auto id = flow('a');
    id.source.value[0] = static_cast<std::uint8_t>(i >> 8);
    id.source.value[1] = static_cast<std::uint8_t>(i);
    ASSERT_EQ(pass(id, 1), verdict::taken);
  }
  EXPECT_EQ(pass(flow('b'), 1), verdict::busy);
  EXPECT_EQ(pass(flow('b'), 1, north, east), verdict::taken) << "another link has its own count";
  at.handle_close(now, west, flow('a'));
}

TEST_F(FlowTable, tells_that_a_flow_to_us_lost_its_way) {
  ASSERT_EQ(at.arrive(now, east, flow('a'), 1000), verdict::taken);
  at.handle_reset(now, east, {flow('a'), wire::reason::none});
  EXPECT_EQ(at.poll_lost(), flow('a'));
}

/// With random flows, pairs of nodes, credit, resets and dead links: never more waits than the limits allow,
/// and with nothing waiting no limit is left.
TEST_F(FlowTable, holds_no_more_than_its_limit_whatever_comes) {
  std::mt19937_64 dice(7);
  const auto below = [&](std::uint64_t limit) { return dice() % limit; };
  std::size_t most = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto id = flow(static_cast<std::uint8_t>('a' + below(8)), static_cast<std::uint16_t>(1 + i / 2000));
    const auto from = below(2) ? west : north;
    now += 10ms;
    switch (below(36)) {
      case 0: at.handle_close(now, from, id); break;
      case 1: at.handle_reset(now, from, {id, wire::reason::none}); break;
      case 2: at.handle_reset(now, east, {id, wire::reason::none}); break;
      case 3: at.handle_blocked(from, id); break;
      case 4: at.handle_timeout(now); break;
      case 5:
        if (below(40) == 0) at.handle_link_down(now, from);
        break;
      case 6:
      case 7: at.handle_credit(east, {id, below(1 << 21)}); break;
      case 8:
      case 9:
      case 10: at.poll_data(east); break;
      default: pass(id, 1 + below(60'000), from);
    }
    ASSERT_LE(at.held_bytes(), at.held_limit()) << i;
    most = std::max(most, at.held_bytes());
  }
  EXPECT_GE(most, std::size_t{1} << 19) << "otherwise the test shows nothing";
  for (const auto link : {west, north, east}) at.handle_link_down(now, link);
  EXPECT_EQ(at.held_bytes(), 0u);
  EXPECT_EQ(at.held_limit(), 0u);
}

}  // namespace
}  // namespace gof::core
