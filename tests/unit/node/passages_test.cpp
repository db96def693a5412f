#include "node/passages.hpp"

#include "flow_packet.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace gof::core {
namespace {

using verdict = passages::verdict;
using closing = passages::closing;
using wire::frame_type;

constexpr link_id west{1}, east{2}, north{3};

struct Passages : ::testing::Test {
  passages at;
  instant now{1000s};

  static wire::flow flow(std::uint8_t source, std::uint16_t generation = 1) {
    wire::flow made;
    made.source.value.fill(source);
    made.generation = generation;
    return made;
  }
  void push(const wire::flow& id, std::size_t size, link_id from = west, link_id to = east) {
    at.push(from, to, flow_packet(id, size));
  }
  std::vector<std::size_t> polled(link_id to) {
    std::vector<std::size_t> sizes;
    while (const auto next = at.poll(to)) sizes.push_back(next->packet.payload.size());
    return sizes;
  }
  std::vector<frame_type> messages() {
    std::vector<frame_type> all;
    while (const auto m = at.poll_message()) all.push_back(m->type);
    return all;
  }
};

TEST_F(Passages, passes_packets_on_in_order) {
  for (std::size_t size = 1; size <= 3; ++size) push(flow(1), size);
  EXPECT_EQ(at.held_bytes(), 6u);
  EXPECT_EQ(at.waiting(east), 1u);
  EXPECT_EQ(polled(east), (std::vector<std::size_t>{1, 2, 3}));
  EXPECT_EQ(at.held_bytes(), 0u);
  EXPECT_EQ(at.waiting(east), 0u);
}

TEST_F(Passages, says_by_which_link_a_packet_came) {
  push(flow(1), 1, north);
  const auto next = at.poll(east);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->from, north);
  EXPECT_FALSE(next->orphan);
  EXPECT_FALSE(next->last);
}

TEST_F(Passages, holds_a_flow_to_the_link_that_it_began_with) {
  EXPECT_EQ(at.look(west, east, flow(1)), verdict::sound);
  push(flow(1), 1);
  EXPECT_EQ(at.look(west, east, flow(1)), verdict::sound);
  EXPECT_EQ(at.look(west, north, flow(1)), verdict::ended);
  EXPECT_EQ(at.look(north, east, flow(1)), verdict::busy) << "a flow with this name goes out there already";
}

TEST_F(Passages, parks_a_flow_without_credit_and_says_so_once) {
  push(flow(1), 100'000);
  push(flow(1), 100'000);
  push(flow(2), 10);
  EXPECT_EQ(polled(east), (std::vector<std::size_t>{100'000, 10}));
  EXPECT_EQ(at.waiting(east), 0u);
  EXPECT_EQ(messages(), (std::vector{frame_type::flow_blocked}));
  EXPECT_TRUE(polled(east).empty());
  EXPECT_TRUE(messages().empty());
  EXPECT_TRUE(at.handle_credit(east, flow(1), 200'000));
  EXPECT_EQ(at.waiting(east), 1u);
  EXPECT_EQ(polled(east), (std::vector<std::size_t>{100'000}));
  EXPECT_FALSE(at.handle_credit(east, flow(9), 1)) << "the flow is unknown";
}

TEST_F(Passages, needs_no_queue_where_nothing_waits_and_credit_covers) {
  EXPECT_FALSE(at.may_pass_at_once(west, east, flow(1), 1)) << "the flow is unknown yet";
  push(flow(1), 1);
  EXPECT_FALSE(at.may_pass_at_once(west, east, flow(1), 1)) << "another packet waits before it";
  polled(east);
  EXPECT_TRUE(at.may_pass_at_once(west, east, flow(1), 1));
  at.count(west, flow(1), 131'071);
  EXPECT_FALSE(at.may_pass_at_once(west, east, flow(1), 1)) << "the credit is used up";
}

TEST_F(Passages, closes_after_what_waits) {
  push(flow(1), 5);
  EXPECT_EQ(at.handle_close(west, flow(1)), closing::waits);
  EXPECT_TRUE(messages().empty());
  EXPECT_EQ(at.look(west, east, flow(1)), verdict::ended);
  EXPECT_TRUE(at.poll(east)->last);
  EXPECT_EQ(messages(), (std::vector{frame_type::flow_close}));
  EXPECT_EQ(at.size(), 0u);
  EXPECT_EQ(at.handle_close(west, flow(1)), closing::unknown);
}

TEST_F(Passages, closes_at_once_where_nothing_waits) {
  push(flow(1), 5);
  polled(east);
  EXPECT_EQ(at.handle_close(west, flow(1)), closing::over);
  EXPECT_EQ(messages(), (std::vector{frame_type::flow_close}));
}

TEST_F(Passages, resets_after_what_waits_and_makes_it_an_orphan) {
  push(flow(1), 5);
  EXPECT_TRUE(at.handle_reset(now, west, flow(1), wire::reason::none));
  EXPECT_FALSE(at.handle_reset(now, west, flow(1), wire::reason::none)) << "it was reset before";
  EXPECT_EQ(at.orphaned_bytes(), 5u);
  const auto next = at.poll(east);
  EXPECT_TRUE(next->orphan);
  EXPECT_TRUE(next->last);
  EXPECT_EQ(messages(), (std::vector{frame_type::flow_reset}));
  EXPECT_EQ(at.orphaned_bytes(), 0u);
  EXPECT_EQ(at.orphans(), 0u);
}

TEST_F(Passages, gives_an_orphan_up_in_time) {
  push(flow(1), 131'072);
  polled(east);
  push(flow(1), 1);
  at.handle_reset(now, west, flow(1), wire::reason::none);
  EXPECT_EQ(at.poll_timeout(), now + passages::orphan_time);
  at.handle_timeout(now + passages::orphan_time);
  EXPECT_EQ(messages(), (std::vector{frame_type::flow_reset})) << "the next node knows the flow";
  EXPECT_EQ(at.size(), 0u);
  EXPECT_EQ(at.held_bytes(), 0u);
  EXPECT_FALSE(at.poll_timeout());
}

TEST_F(Passages, drops_the_oldest_orphans_beyond_its_bound) {
  for (std::uint16_t i = 1; i <= passages::most_orphans + 10; ++i) {
    push(flow(1, i), 1);
    at.handle_reset(now, west, flow(1, i), wire::reason::none);
  }
  EXPECT_EQ(at.orphans(), passages::most_orphans);
  EXPECT_FALSE(at.contains(west, flow(1, 10)));
  EXPECT_TRUE(at.contains(west, flow(1, 11)));
  EXPECT_TRUE(messages().empty()) << "the next node does not know them";
}

TEST_F(Passages, drops_what_cannot_go_on_and_says_whence_it_came) {
  push(flow(1), 5);
  const auto gone = at.handle_reset_behind(east, flow(1));
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->from, west);
  EXPECT_FALSE(gone->orphan);
  EXPECT_EQ(at.held_bytes(), 0u);
  EXPECT_FALSE(at.handle_reset_behind(east, flow(1)));
  EXPECT_FALSE(at.poll(east));
}

TEST_F(Passages, splits_a_dead_links_flows_by_the_side_they_had_it_on) {
  push(flow(1), 5, west, east);
  push(flow(2), 6, east, north);
  EXPECT_TRUE(at.any_on(east));
  EXPECT_EQ(at.handle_link_down(now, east), (std::vector{flow_key{west, flow(1)}}));
  EXPECT_TRUE(messages().empty());
  EXPECT_EQ(polled(north), (std::vector<std::size_t>{6}));
  EXPECT_EQ(messages(), (std::vector{frame_type::flow_reset}));
  EXPECT_FALSE(at.any_on(east));
  EXPECT_EQ(at.size(), 0u);
}

TEST_F(Passages, gives_every_flow_as_many_bytes) {
  std::size_t large = 0, small = 0;
  at.handle_credit(east, flow(1), 1 << 30);
  for (int i = 0; i < 100; ++i) {
    push(flow(1), 60'000);
    at.handle_credit(east, flow(1), 1 << 30);
  }
  for (int i = 0; i < 2'000; ++i) {
    push(flow(2), 1'000);
    at.handle_credit(east, flow(2), 1 << 30);
  }
  while (large + small < 2'000'000) {
    const auto next = at.poll(east);
    ASSERT_TRUE(next);
    (next->packet.payload.size() > 1'000 ? large : small) += next->packet.payload.size();
  }
  EXPECT_NEAR(static_cast<double>(large), static_cast<double>(small), 2 * 65'536.0);
}

}  // namespace
}  // namespace gof::core
