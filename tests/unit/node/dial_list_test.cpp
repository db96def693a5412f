#include "node/dial_list.hpp"

#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

struct DialList : ::testing::Test {
  test::seeded_random random{1};
  dial_list dials{random};
  instant now{100s};
  const peer_id home{as_bytes("home")};
  const node_id there{as_bytes("1")};

  wire::ticket ticket(std::uint8_t number, const peer_id& issuer,
                      std::vector<std::string> services = {"web"}) {
    wire::ticket made;
    made.issuer = issuer;
    made.grant.value[0] = number;
    for (auto& name : services) made.services.push_back({name, {}});
    made.addresses = {{"203.0.113.1", 1}};
    return made;
  }
  std::vector<dial_list::dial> due() {
    std::vector<dial_list::dial> all;
    while (auto next = dials.poll_dial(now)) {
      dials.handle_started(next->whose, link_id{all.size() + 1});
      all.push_back(*next);
    }
    return all;
  }
  bool told_missing() {
    const auto e = dials.poll_event();
    return e && std::get<unreachable>(*e).reached;
  }
};

TEST_F(DialList, dials_a_new_ticket_once) {
  EXPECT_TRUE(dials.add_ticket(now, ticket(1, home)));
  EXPECT_FALSE(dials.add_ticket(now, ticket(1, home)));
  EXPECT_EQ(due().size(), 1u);
  EXPECT_TRUE(due().empty());
}

TEST_F(DialList, dials_again_after_a_failure_and_tells_it) {
  dials.add_ticket(now, ticket(1, home));
  const auto first = due();
  dials.handle_failed(now, first[0].whose, link_id{1}, wire::reason::busy, "busy");
  const auto e = dials.poll_event();
  ASSERT_TRUE(e);
  const auto& said = std::get<unreachable>(*e);
  EXPECT_EQ(said.peer, home);
  EXPECT_EQ(said.why, wire::reason::busy);
  ASSERT_TRUE(dials.poll_timeout());
  EXPECT_LE(*dials.poll_timeout(), now + 1s);
  now = *dials.poll_timeout();
  EXPECT_EQ(due().size(), 1u);
}

TEST_F(DialList, dials_a_link_that_was_lost_again) {
  dials.add_ticket(now, ticket(1, home));
  const auto first = due();
  dials.handle_up(now, first[0].whose, link_id{1}, there);
  EXPECT_TRUE(due().empty());
  dials.handle_lost(now, there);
  now += 1s;
  EXPECT_EQ(due().size(), 1u);
}

TEST_F(DialList, gives_up_what_a_dropped_ticket_tries) {
  dials.add_ticket(now, ticket(1, home));
  due();
  const auto dropped = dials.drop_ticket(ticket(1, home));
  ASSERT_TRUE(dropped);
  EXPECT_EQ(dropped->trying, std::vector{link_id{1}});
  EXPECT_FALSE(dials.poll_timeout());
  EXPECT_FALSE(dials.is_wanted(home));
  EXPECT_FALSE(dials.drop_ticket(ticket(1, home)));
}

TEST_F(DialList, wants_a_peer_as_long_as_one_reason_lasts) {
  dials.add_ticket(now, ticket(1, home));
  dials.add_ticket(now, ticket(2, home));
  EXPECT_TRUE(dials.add_peer(home));
  EXPECT_FALSE(dials.add_peer(home));
  EXPECT_EQ(dials.wanted(), std::vector{home});
  dials.drop_ticket(ticket(1, home));
  EXPECT_TRUE(dials.is_wanted(home));
  dials.drop_ticket(ticket(2, home));
  EXPECT_TRUE(dials.is_wanted(home));
  EXPECT_TRUE(dials.drop_peer(home));
  EXPECT_FALSE(dials.is_wanted(home));
  EXPECT_FALSE(dials.drop_peer(home));
}

TEST_F(DialList, has_the_ticket_that_lists_the_service_rather_than_another) {
  dials.add_ticket(now, ticket(1, home, {"web"}));
  dials.add_ticket(now, ticket(2, home, {"ssh"}));
  EXPECT_EQ(dials.ticket_for(home, "ssh")->grant.value[0], 2);
  EXPECT_EQ(dials.ticket_for(home, "web")->grant.value[0], 1);
  EXPECT_NE(dials.ticket_for(home, "db"), nullptr);
  EXPECT_EQ(dials.ticket_for(peer_id(), "web"), nullptr);
}

TEST_F(DialList, tells_of_a_peer_that_stays_away_now_and_then) {
  dials.add_peer(home);
  dials.note_reached(now, home, false);
  EXPECT_FALSE(told_missing());
  now += dial_list::missing_time;
  EXPECT_TRUE(dials.handle_timeout(now));
  EXPECT_TRUE(told_missing());
  EXPECT_EQ(dials.poll_timeout(), now + dial_list::missing_time);
  dials.note_reached(now, home, true);
  EXPECT_FALSE(dials.poll_timeout());
}

TEST_F(DialList, knows_a_ticket_of_another_mesh) {
  auto one = ticket(1, home);
  dials.add_ticket(now, one);
  EXPECT_FALSE(dials.other_mesh(one));
  one.mesh.value[0] = 1;
  EXPECT_EQ(dials.other_mesh(one), mesh_id());
}

}  // namespace
}  // namespace gof::core
