#include "node/guest_list.hpp"

#include "unit/mesh/signing.hpp"
#include "wire/neighbours.hpp"
#include "wire/record_frame.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

struct GuestList : ::testing::Test {
  test::seeded_random random{1};
  author us{random};
  author issuer{random};
  mesh gossip{{us.self, us.instance, true}, random};
  guest_list guests{us.self.id()};
  instant now{100s};
  const link_id guest{1};
  const link_id member{2};

  static grant_id grant(std::uint8_t number) {
    grant_id made;
    made.value[0] = number;
    return made;
  }
  bool come(const peer_id& by, const grant_id& with, link_id at) {
    link::up up;
    up.role = wire::link_role::guest;
    up.issuer = by;
    up.grant = with;
    return guests.handle_up(now, at, up, gossip);
  }
  /// The issuer's profile arrives.
  void withdraw(std::vector<grant_id> those, std::uint64_t seq = 1) {
    mesh::neighbour other;
    other.link = member;
    other.node = issuer.node();
    other.peer = issuer.self.id();
    gossip.handle_link_up(now, other);
    wire::record_profile says;
    says.withdrawn = std::move(those);
    ASSERT_TRUE(gossip.handle_frame(now, member, wire::frame_type::record,
                                    wire::record_frame{600, issuer.profile(seq, says)}.encode()));
    guests.handle_profile(issuer.self.id(), gossip);
  }
  std::optional<bytes> told(link_id at) {
    guests.handle_timeout(now);
    const auto message = guests.poll_message();
    if (!message) return std::nullopt;
    EXPECT_EQ(message->link, at);
    return message->body;
  }
};

// ---- tickets

TEST_F(GuestList, lets_a_guest_see_its_issuer) {
  EXPECT_TRUE(come(issuer.self.id(), grant(1), guest));
  EXPECT_EQ(guests.issuers(guest), std::vector{issuer.self.id()});
  EXPECT_EQ(guests.size(), 1u);
}

TEST_F(GuestList, lets_a_guest_speak_to_nodes_of_its_issuer_alone) {
  come(issuer.self.id(), grant(1), guest);
  withdraw({});
  EXPECT_TRUE(guests.may_send(guest, issuer.node(), gossip));
  EXPECT_FALSE(guests.may_send(guest, us.node(), gossip));
  EXPECT_FALSE(guests.may_send(link_id{9}, issuer.node(), gossip));
}

TEST_F(GuestList, does_not_let_a_withdrawn_ticket_in) {
  withdraw({grant(1)});
  EXPECT_FALSE(come(issuer.self.id(), grant(1), guest));
  EXPECT_TRUE(come(issuer.self.id(), grant(2), guest));
}

TEST_F(GuestList, parts_from_a_guest_whose_only_ticket_is_withdrawn) {
  come(issuer.self.id(), grant(1), guest);
  withdraw({grant(1)});
  EXPECT_EQ(guests.poll_withdrawn(), guest);
  EXPECT_FALSE(guests.poll_withdrawn());
}

TEST_F(GuestList, leaves_guests_of_others_alone_then) {
  come(us.self.id(), grant(1), guest);
  withdraw({grant(1)});
  EXPECT_FALSE(guests.poll_withdrawn());
  EXPECT_FALSE(guests.poll_changed());
}

TEST_F(GuestList, gives_a_guest_of_our_own_time_to_hear_that_its_ticket_is_withdrawn) {
  come(us.self.id(), grant(1), guest);
  guests.withdraw(now, {grant(1)});
  EXPECT_FALSE(guests.poll_withdrawn());
  EXPECT_EQ(guests.poll_timeout(), now + guest_list::expulsion_time);
  guests.handle_timeout(now + guest_list::expulsion_time);
  EXPECT_EQ(guests.poll_expelled(), guest);
}

TEST_F(GuestList, parts_sooner_from_one_that_was_told) {
  come(us.self.id(), grant(1), guest);
  guests.withdraw(now, {grant(1)});
  guests.handle_refusal(now, guest, grant(1));
  EXPECT_EQ(guests.poll_timeout(), now + guest_list::refusal_time);
}

TEST_F(GuestList, keeps_one_that_is_still_served) {
  come(us.self.id(), grant(1), guest);
  guests.withdraw(now, {grant(1)});
  now += guest_list::expulsion_time;
  guests.handle_timeout(now);
  EXPECT_EQ(guests.poll_expelled(), guest);
  guests.postpone(now, guest);
  EXPECT_EQ(guests.poll_timeout(), now + guest_list::expulsion_time);
}

// ---- addresses

TEST_F(GuestList, tells_a_guest_where_members_are_once_it_counts) {
  come(issuer.self.id(), grant(1), guest);
  guests.handle_places(now, {{"203.0.113.7", 7}});
  EXPECT_FALSE(told(guest));
  guests.handle_labelled(now, guest);
  const auto body = told(guest);
  ASSERT_TRUE(body);
  EXPECT_EQ(wire::neighbours::decode(*body)->addresses[0].host, "203.0.113.7");
  EXPECT_FALSE(told(guest));
}

TEST_F(GuestList, tells_changes_seldom_and_only_changes) {
  come(issuer.self.id(), grant(1), guest);
  guests.handle_labelled(now, guest);
  guests.handle_places(now, {{"203.0.113.7", 7}});
  EXPECT_TRUE(told(guest));
  guests.handle_places(now, {{"203.0.113.8", 8}});
  EXPECT_FALSE(told(guest));
  EXPECT_EQ(guests.poll_timeout(), now + guest_list::places_interval);
  guests.handle_places(now, {{"203.0.113.7", 7}});
  now += guest_list::places_interval;
  EXPECT_FALSE(told(guest)) << "what it was sent is valid again";
  guests.handle_places(now, {{"203.0.113.8", 8}});
  EXPECT_TRUE(told(guest));
}

TEST_F(GuestList, forgets_a_guest_whose_link_is_gone) {
  come(us.self.id(), grant(1), guest);
  guests.handle_labelled(now, guest);
  guests.withdraw(now, {grant(1)});
  guests.handle_places(now, {{"203.0.113.7", 7}});
  guests.handle_down(guest);
  EXPECT_EQ(guests.size(), 0u);
  EXPECT_FALSE(guests.poll_timeout());
  EXPECT_FALSE(told(guest));
}

}  // namespace
}  // namespace gof::core
