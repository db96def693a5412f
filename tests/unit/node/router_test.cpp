#include "node/router.hpp"

#include "link_end.hpp"
#include "mesh/quality.hpp"
#include "wire/record_frame.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace gof::core {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// This node, a neighbour, and a node beyond it that only the mesh knows.
struct Router : ::testing::Test {
  instant now{100s};
  link_end us{1};
  link_end near{2};
  link_end far{3};
  mesh gossip{{us.self, us.instance, true}, us.random};
  std::uint64_t seq = 0;

  router routes() const { return {us.node, us.links, gossip}; }

  link_id link_to(link_end& other) {
    const auto link = connect(now, us, other).first;
    const auto& its = us.links.at(link);
    mesh::neighbour seen;
    seen.link = link;
    seen.node = other.node;
    seen.peer = other.self.id();
    seen.our_label = its.label;
    seen.their_label = its.their_label;
    gossip.handle_link_up(now, seen);
    gossip.handle_round_trip(now, link, 10ms);
    return link;
  }
  void tell(link_id from, const bytes& record) {
    ASSERT_TRUE(
        gossip.handle_frame(now, from, wire::frame_type::record, wire::record_frame{600, record}.encode()));
  }
  static wire::record_link edge(const node_id& to, std::uint16_t label) {
    return {to, label, {round_trip_code(10ms), 0, 0}};
  }
  /// The record of a node that relays.
  static wire::record_links linked_to(std::vector<wire::record_link> those) {
    std::sort(those.begin(), those.end());
    return {true, std::move(those)};
  }
  /// The neighbour and the far node both report that they are linked.
  void join(link_id link) {
    tell(link,
         near.who.links(++seq, linked_to({edge(us.node, us.links.at(link).label), edge(far.node, 88)})));
    tell(link, far.who.links(++seq, linked_to({edge(near.node, 77)})));
    now += 1s;
    gossip.handle_timeout(now);
  }
  void say(link_id link, const link_end& who, const wire::record_profile& profile) {
    tell(link, who.who.profile(++seq, profile));
  }
};

TEST_F(Router, knows_no_path_to_a_stranger) {
  EXPECT_THAT(routes().paths_to(far.node), IsEmpty());
  EXPECT_FALSE(routes().path_to(far.node));
  EXPECT_THAT(routes().nodes_of(far.self.id()), IsEmpty());
  EXPECT_FALSE(routes().round_trip(us.node, far.node));
}

TEST_F(Router, takes_the_link_that_leads_there_itself) {
  const auto link = link_to(near);
  const path direct{link, {}, {}};
  EXPECT_EQ(routes().path_to(near.node), direct);
  EXPECT_EQ(routes().paths_to(near.node).front(), direct);
  EXPECT_THAT(routes().nodes_of(near.self.id()), ElementsAre(near.node));
}

TEST_F(Router, goes_by_a_neighbour_to_what_the_mesh_knows) {
  const auto link = link_to(near);
  join(link);
  const auto found = routes().path_to(far.node);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->link, link);
  EXPECT_THAT(found->labels, ElementsAre(77));
  EXPECT_THAT(found->through, ElementsAre(near.node));
  EXPECT_THAT(routes().paths_to(far.node), ElementsAre(*found));
}

TEST_F(Router, prefers_a_link_of_its_own_and_keeps_the_route_behind_it) {
  const auto by_near = link_to(near);
  join(by_near);
  const auto direct = link_to(far);
  const auto all = routes().paths_to(far.node);
  ASSERT_GE(all.size(), 1u);
  EXPECT_EQ(all.front(), (path{direct, {}, {}}));
  EXPECT_EQ(routes().path_to(far.node), all.front());
}

TEST_F(Router, finds_no_path_by_a_link_that_is_gone) {
  const auto link = link_to(near);
  join(link);
  us.links.close(link, wire::reason::none);
  EXPECT_THAT(routes().paths_to(far.node), IsEmpty()) << "although the mesh does not know yet";
}

TEST_F(Router, names_the_relays_of_a_path) {
  const auto link = link_to(near);
  join(link);
  wire::record_profile profile;
  profile.name = "relay";
  say(link, near, profile);
  const auto hops = routes().hops_of(routes().path_to(far.node));
  ASSERT_EQ(hops.size(), 1u);
  EXPECT_EQ(hops[0].node, near.node);
  EXPECT_EQ(hops[0].peer, near.self.id());
  EXPECT_EQ(hops[0].name, "relay");
  EXPECT_THAT(routes().hops_of(std::nullopt), IsEmpty());
}

TEST_F(Router, counts_relays_that_it_cannot_name) {
  const auto hops = routes().hops_of(path{link_id{1}, {5, 6}, {}});
  ASSERT_EQ(hops.size(), 2u);
  EXPECT_EQ(hops[0].node, node_id());
}

TEST_F(Router, puts_a_node_that_has_the_service_before_silent_ones_and_those_without_it_last) {
  const auto link = link_to(near);
  join(link);
  wire::record_profile says;
  says.services = {"web"};
  say(link, near, says);
  // Another node of the same peer: a second process of it.
  author twin = far.who;
  twin.self = near.who.self;
  tell(link, twin.links(++seq, linked_to({edge(near.node, 78)})));
  tell(link, near.who.links(++seq, linked_to({edge(us.node, us.links.at(link).label), edge(far.node, 88),
                                              edge(twin.node(), 99)})));
  now += 1s;
  gossip.handle_timeout(now);
  EXPECT_THAT(routes().nodes_of(near.self.id()), ElementsAre(near.node, twin.node()));
  EXPECT_THAT(routes().nodes_of(near.self.id(), "ssh"), ElementsAre(twin.node(), near.node))
      << "a node that published nothing may have it";
  EXPECT_THAT(routes().nodes_of(near.self.id(), "web"), ElementsAre(near.node, twin.node()));
}

TEST_F(Router, tells_where_members_are_that_have_a_link_with_us) {
  const auto link = link_to(near);
  join(link);
  wire::record_profile says;
  says.addresses = {*wire::address::parse("192.0.2.1:7000"), *wire::address::parse("127.0.0.1:7000")};
  say(link, near, says);
  says.addresses = {*wire::address::parse("192.0.2.9:7000")};
  say(link, far, says);
  EXPECT_THAT(routes().places_of_members(), ElementsAre(*wire::address::parse("192.0.2.1:7000")))
      << "neither a node without a link, nor an address that means another machine elsewhere";
}

}  // namespace
}  // namespace gof::core
