#include "node/link_table.hpp"

#include "link_end.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

using wire::reason;

/// The tables of two members, and what their links send to each other.
struct LinkTable : ::testing::Test {
  link_end near{1};
  link_end far{2};
  instant now{100s};

  /// Makes a link dialled by near. Returns its id at both ends.
  std::pair<link_id, link_id> connected() { return connect(now, near, far); }
};

TEST_F(LinkTable, finds_a_link_that_stands_by_node_peer_and_label) {
  const auto [here, there] = connected();
  EXPECT_TRUE(near.links.at(here).counts());
  EXPECT_EQ(near.links.to(far.node), here);
  EXPECT_EQ(far.links.to(near.node), there);
  EXPECT_EQ(near.links.labelled(near.links.at(here).label), here);
  EXPECT_EQ(near.links.at(here).their_label, far.links.at(there).label);
  EXPECT_EQ(near.links.nodes_of(far.self.id()), std::vector{far.node});
  EXPECT_EQ(near.links.standing(), 1u);
}

TEST_F(LinkTable, finds_it_no_more_once_it_is_closed) {
  const auto here = connected().first;
  const auto label = near.links.at(here).label;
  near.links.close(here, reason::shutdown);
  EXPECT_FALSE(near.links.to(far.node));
  EXPECT_FALSE(near.links.labelled(label));
  EXPECT_TRUE(near.links.nodes_of(far.self.id()).empty());
  EXPECT_EQ(near.links.standing(), 0u);
  near.poll(now);
  ASSERT_TRUE(near.first<link_table::went_down>());
  EXPECT_EQ(near.first<link_table::went_down>()->why, reason::shutdown);
}

TEST_F(LinkTable, tells_the_other_side_why_it_was_closed) {
  const auto [here, there] = connected();
  near.links.close(here, reason::shutdown);
  settle(now, near, here, far, there);
  const auto down = far.first<link_table::went_down>();
  ASSERT_TRUE(down);
  EXPECT_EQ(down->why, reason::shutdown);
  EXPECT_TRUE(down->told_by_peer);
}

TEST_F(LinkTable, tells_of_an_attempt_that_the_system_ended) {
  const auto here = near.links.add_dial(1, "203.0.113.2:1");
  near.links.handle_connected(now, here, {*near.key, wire::link_role::member, {}, {}});
  near.links.handle_closed(now, here, "connection reset");
  near.poll(now);
  const auto down = near.first<link_table::went_down>();
  ASSERT_TRUE(down);
  EXPECT_FALSE(down->stood);
  EXPECT_EQ(down->detail.rfind("203.0.113.2:1: ", 0), 0u) << down->detail;
}

TEST_F(LinkTable, names_only_links_to_which_something_happened) {
  connected();
  const auto second = connected().first;
  while (near.links.poll_ready()) {
  }
  near.links.send(second, wire::frame_type::have, bytes());
  EXPECT_EQ(near.links.poll_ready(), second);
  EXPECT_FALSE(near.links.poll_ready());
}

TEST_F(LinkTable, keeps_the_older_of_two_that_the_same_side_dialled) {
  const auto first_there = connected().second;
  const auto [second, second_there] = connected();
  EXPECT_EQ(near.links.surplus(second), second);
  EXPECT_FALSE(far.links.surplus(second_there)) << "the acceptor cannot know whether the older is dead";
  const auto third_there = connected().second;
  EXPECT_EQ(far.links.surplus(third_there), first_there) << "it keeps two at most";
}

TEST_F(LinkTable, keeps_the_one_that_the_lower_node_dialled) {
  const auto ours = connected().first;
  const auto there = far.links.add_dial(1, "203.0.113.1:1");
  const auto here = near.links.accept(now, "203.0.113.2").value();
  far.links.handle_connected(now, there, {*far.key, wire::link_role::member, {}, {}});
  settle(now, near, here, far, there);
  const auto surplus = near.links.surplus(here);
  EXPECT_EQ(surplus, near.node < far.node ? here : ours);
}

TEST_F(LinkTable, closes_one_that_leads_to_itself) {
  const auto here = near.links.add_dial(1, "203.0.113.1:1");
  const auto there = near.links.accept(now, "203.0.113.1").value();
  near.links.handle_connected(now, here, {*near.key, wire::link_role::member, {}, {}});
  settle(now, near, here, near, there);
  EXPECT_FALSE(near.first<link_table::came_up>());
  ASSERT_TRUE(near.first<link_table::went_down>());
  EXPECT_EQ(near.first<link_table::went_down>()->why, reason::superseded);
}

TEST_F(LinkTable, gives_up_a_stranger_that_says_nothing) {
  const auto there = far.links.accept(now, "203.0.113.1").value();
  ASSERT_TRUE(far.links.poll_timeout());
  now = *far.links.poll_timeout();
  far.links.handle_timeout(now);
  far.poll(now);
  EXPECT_TRUE(far.first<link_table::knocked>());
  EXPECT_TRUE(far.links.at(there).gone);
  EXPECT_TRUE(far.links.at(there).unheard);
}

TEST_F(LinkTable, accepts_nobody_without_a_network_key) {
  near.key.reset();
  EXPECT_FALSE(near.links.accept(now, "203.0.113.2"));
}

}  // namespace
}  // namespace gof::core
