#include "node/relay.hpp"

#include "link_end.hpp"
#include "wire/path_error.hpp"
#include "wire/record_frame.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

using wire::frame_type;
using wire::reason;

/// A relay with two members and a guest of the second.
struct Relay : ::testing::Test {
  instant now{100s};
  link_end us{1};
  link_end west{2};
  link_end east{3};
  link_end visitor{4};
  mesh gossip{{us.self, us.instance, true}, us.random};
  guest_list guests{us.self.id()};
  relay at{us.node};
  link_id from_west = connect(now, west, us).second;
  link_id from_east = connect(now, east, us).second;
  link_id from_guest = connect_guest(now, visitor, us, east.self.id()).second;
  bytes payload = bytes(relay::least_data, 5);

  void SetUp() override {
    ASSERT_TRUE(guests.handle_up(now, from_guest, *us.links.at(from_guest).up, gossip));
    // The mesh knows whose node the eastern one is.
    mesh::neighbour other;
    other.link = from_east;
    other.node = east.node;
    other.peer = east.self.id();
    gossip.handle_link_up(now, other);
    ASSERT_TRUE(gossip.handle_frame(now, from_east, frame_type::record,
                                    wire::record_frame{600, east.who.links(1)}.encode()));
  }
  std::uint16_t label(link_id link) const { return us.links.at(link).label; }
  link::received packet(const node_id& source, const node_id& destination, std::vector<std::uint16_t> labels,
                        frame_type type = frame_type::relay_data) {
    link::received made;
    made.type = type;
    made.head.source = source;
    made.head.destination = destination;
    made.head.labels = std::move(labels);
    made.payload = payload;
    return made;
  }
  relay::decision decide(link_id from, const link::received& p) const {
    return at.decide(from, p, us.links, guests, gossip);
  }
};

TEST_F(Relay, passes_on_by_the_link_that_the_label_names) {
  const auto d = decide(from_west, packet(west.node, east.node, {label(from_east)}));
  EXPECT_EQ(d.to, from_east);
  EXPECT_FALSE(d.refused);
}

TEST_F(Relay, reads_the_label_of_its_own_turn) {
  auto p = packet(west.node, east.node, {9, label(from_east)});
  p.head.hop = 1;
  EXPECT_EQ(decide(from_west, p).to, from_east);
}

TEST_F(Relay, refuses_a_label_that_names_no_link) {
  const auto d = decide(from_west, packet(west.node, east.node, {0}));
  EXPECT_FALSE(d.to);
  EXPECT_TRUE(d.refused);
}

TEST_F(Relay, refuses_to_send_a_packet_back_where_it_came_from) {
  EXPECT_TRUE(decide(from_west, packet(west.node, east.node, {label(from_west)})).refused);
}

TEST_F(Relay, drops_without_a_word_what_has_no_label_left_or_comes_in_its_own_name) {
  for (const auto& p : {packet(west.node, east.node, {}), packet(us.node, east.node, {label(from_east)})}) {
    const auto d = decide(from_west, p);
    EXPECT_FALSE(d.to);
    EXPECT_FALSE(d.refused);
  }
}

TEST_F(Relay, drops_data_that_is_smaller_than_any_and_passes_small_control_on) {
  payload.pop_back();
  EXPECT_FALSE(decide(from_west, packet(west.node, east.node, {label(from_east)})).to);
  EXPECT_TRUE(
      decide(from_west, packet(west.node, east.node, {label(from_east)}, frame_type::relay_control)).to);
}

TEST_F(Relay, lets_a_guest_speak_to_its_issuer_alone) {
  EXPECT_EQ(decide(from_guest, packet(visitor.node, east.node, {label(from_east)})).to, from_east);
  const auto other = decide(from_guest, packet(visitor.node, west.node, {label(from_west)}));
  EXPECT_FALSE(other.to);
  EXPECT_FALSE(other.refused);
}

TEST_F(Relay, passes_on_to_a_guest_only_what_is_for_it) {
  EXPECT_EQ(decide(from_east, packet(east.node, visitor.node, {label(from_guest)})).to, from_guest);
  EXPECT_TRUE(decide(from_east, packet(east.node, west.node, {label(from_guest)})).refused);
  EXPECT_TRUE(decide(from_east, packet(east.node, visitor.node, {label(from_guest), 5})).refused)
      << "a guest relays nothing";
}

TEST_F(Relay, passes_nothing_on_where_it_is_a_guest_itself) {
  const auto here = connect_guest(now, us, west, west.self.id()).first;
  EXPECT_TRUE(decide(from_east, packet(east.node, west.node, {label(here)})).refused);
}

TEST_F(Relay, answers_with_an_error_by_the_labels_that_the_packet_came_by) {
  auto p = packet(west.node, east.node, {11, 12, 13, 14});
  p.head.hop = 2;
  for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<std::uint8_t>(i);
  p.payload = payload;
  const auto out = at.error_for(now, from_west, p, reason::unknown_route);
  ASSERT_TRUE(out);
  EXPECT_EQ(out->type, frame_type::path_error);
  EXPECT_EQ(out->head.source, us.node);
  EXPECT_EQ(out->head.destination, west.node);
  EXPECT_EQ(out->head.labels, (std::vector<std::uint16_t>{12, 11}));
  const auto error = wire::path_error::decode(out->payload);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->why, reason::unknown_route);
  EXPECT_EQ(error->destination, east.node);
  EXPECT_TRUE(std::equal(error->tail.rbegin(), error->tail.rend(), payload.rbegin()));
}

TEST_F(Relay, answers_no_error_with_an_error) {
  EXPECT_FALSE(at.error_for(now, from_west, packet(west.node, east.node, {1}, frame_type::path_error),
                            reason::unknown_route));
}

TEST_F(Relay, answers_a_link_only_so_often_in_a_second) {
  const auto p = packet(west.node, east.node, {1});
  unsigned count = 0;
  for (unsigned i = 0; i < 2 * relay::most_path_errors; ++i)
    count += at.error_for(now, from_west, p, reason::unknown_route).has_value();
  EXPECT_EQ(count, relay::most_path_errors);
  EXPECT_TRUE(at.error_for(now, from_east, p, reason::unknown_route)) << "another link has its own count";
  EXPECT_TRUE(at.error_for(now + 1s, from_west, p, reason::unknown_route));
}

}  // namespace
}  // namespace gof::core
