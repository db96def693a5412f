#include "mesh/label.hpp"
#include "mesh/presence.hpp"
#include "mesh/quality.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

node_id node(std::uint8_t number) {
  return node_id(bytes{number});
}

instant at(duration since_start) {
  return instant(since_start);
}

TEST(Label, is_the_same_again_and_another_for_each_neighbour) {
  EXPECT_EQ(label_of(node(1), node(2), {}), label_of(node(1), node(2), {}));
  EXPECT_NE(label_of(node(1), node(2), {}), label_of(node(1), node(3), {}));
  EXPECT_NE(label_of(node(1), node(2), {}), label_of(node(2), node(1), {}));
  EXPECT_EQ(label_of(node(1), node(2), {}), 0x0c73) << "SHA-256 of both ids, the same in every build";
}

TEST(Label, is_the_next_free_one_and_never_zero) {
  const auto first = label_of(node(1), node(2), {});
  EXPECT_EQ(label_of(node(1), node(2), {first}), first + 1);
  std::set<std::uint16_t> taken;
  for (unsigned l = first; l <= 0xffff; ++l) taken.insert(static_cast<std::uint16_t>(l));
  EXPECT_EQ(label_of(node(1), node(2), taken), 1);
}

TEST(Label, is_zero_when_all_are_taken) {
  std::set<std::uint16_t> taken;
  for (unsigned l = 1; l <= 0xffff; ++l) taken.insert(static_cast<std::uint16_t>(l));
  EXPECT_EQ(label_of(node(1), node(2), taken), 0);
  taken.erase(77);
  EXPECT_EQ(label_of(node(1), node(2), taken), 77);
}

TEST(Quality, codes_rise_with_the_round_trip) {
  EXPECT_FALSE(round_trip_of(0));
  EXPECT_EQ(round_trip_of(1), 1us);
  EXPECT_EQ(round_trip_of(9), 2us);
  for (unsigned code = 1; code < 255; ++code) {
    const auto here = *round_trip_of(static_cast<std::uint8_t>(code));
    const auto next = *round_trip_of(static_cast<std::uint8_t>(code + 1));
    EXPECT_LT(here, next);
    EXPECT_EQ(round_trip_code(here), code);
    EXPECT_EQ(round_trip_code(next - 1ns), code);
  }
  EXPECT_EQ(round_trip_code(0s), 1);
  EXPECT_EQ(round_trip_code(24h), 255);
}

TEST(Quality, differs_much_from_a_factor_of_two) {
  EXPECT_FALSE(differ_much(round_trip_code(10ms), round_trip_code(18ms)));
  EXPECT_TRUE(differ_much(round_trip_code(10ms), round_trip_code(22ms)));
  EXPECT_TRUE(differ_much(round_trip_code(10ms), round_trip_code(4ms)));
  EXPECT_TRUE(differ_much(0, 1));
  EXPECT_FALSE(differ_much(0, 0));
}

TEST(Quality, costs_half_a_round_trip_a_block_and_the_loss) {
  const auto code = round_trip_code(16ms);
  const auto half = *round_trip_of(code) / 2;
  EXPECT_EQ(cost_of({code, 0, 1}), half + 1s);
  EXPECT_EQ(cost_of({code, 10, 2}), half + 500ms + 10 * penalty_of_a_thousandth);
  EXPECT_EQ(cost_of({0, 0, 0}), unknown_round_trip / 2 + duration(1s) / 256);
  for (unsigned code_of_any = 0; code_of_any < 256; ++code_of_any)
    for (unsigned bandwidth = 0; bandwidth < 256; ++bandwidth)
      EXPECT_GT(cost_of({static_cast<std::uint8_t>(code_of_any), 0, static_cast<std::uint8_t>(bandwidth)}),
                0s);
}

TEST(Quality, is_what_the_worse_end_says) {
  EXPECT_EQ(worse({10, 3, 5}, {20, 1, 7}), (wire::link_quality{20, 3, 5}));
  EXPECT_EQ(worse({10, 3, 0}, {0, 1, 7}), (wire::link_quality{10, 3, 7}));
}

TEST(Presence, of_a_node_begins_with_a_route) {
  presence p;
  EXPECT_FALSE(p.handle_sight(at(0s), node(1), peer_id{}, presence::sight::no_route));
  const auto known = p.handle_sight(at(1s), node(1), peer_id{}, presence::sight::route);
  ASSERT_TRUE(known);
  EXPECT_TRUE(known->there);
  EXPECT_FALSE(p.handle_sight(at(2s), node(1), peer_id{}, presence::sight::route));
  EXPECT_FALSE(p.poll_timeout());
}

TEST(Presence, ends_after_ten_seconds_without_a_route) {
  presence p;
  p.handle_sight(at(0s), node(1), peer_id{}, presence::sight::route);
  p.handle_sight(at(1s), node(1), peer_id{}, presence::sight::no_route);
  p.handle_sight(at(3s), node(1), peer_id{}, presence::sight::no_route);
  EXPECT_EQ(p.poll_timeout(), at(11s));
  EXPECT_TRUE(p.handle_timeout(at(10'999ms)).empty());
  const auto gone = p.handle_timeout(at(11s));
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_FALSE(gone[0].there);
  EXPECT_FALSE(p.poll_timeout());
}

TEST(Presence, survives_a_short_time_without_a_route) {
  presence p;
  p.handle_sight(at(0s), node(1), peer_id{}, presence::sight::route);
  p.handle_sight(at(1s), node(1), peer_id{}, presence::sight::no_route);
  EXPECT_FALSE(p.handle_sight(at(9s), node(1), peer_id{}, presence::sight::route));
  EXPECT_TRUE(p.handle_timeout(at(1h)).empty());
}

TEST(Presence, ends_with_the_record) {
  presence p;
  p.handle_sight(at(0s), node(1), peer_id{}, presence::sight::route);
  const auto gone = p.handle_sight(at(1s), node(1), peer_id{}, presence::sight::no_record);
  ASSERT_TRUE(gone);
  EXPECT_FALSE(gone->there);
  EXPECT_FALSE(p.handle_sight(at(2s), node(1), peer_id{}, presence::sight::no_record));
}

}  // namespace
}  // namespace gof::core
