#include "node/half_open.hpp"

#include <gtest/gtest.h>

#include <set>

namespace gof::core {
namespace {

using labels = std::vector<std::uint16_t>;

struct HalfOpen : ::testing::Test {
  half_open table;
  instant now{1h};
  std::uint64_t next = 1;
  std::set<node_id> open;
  std::size_t begun = 0, gone = 0;

  static grant_id grant(std::uint8_t number) {
    grant_id id;
    id.value.fill(number);
    return id;
  }
  static half_open::origin by(std::uint64_t link, labels way = {}, std::optional<grant_id> with = {}) {
    return {link_id{link}, std::move(way), with};
  }
  /// An attempt in the name of a new node; empty: not taken.
  std::optional<node_id> begin(const half_open::origin& from) {
    node_id node;
    for (std::size_t i = 0; i < 8; ++i) node.value[i] = static_cast<std::uint8_t>(next >> 8 * i);
    ++next;
    const auto v = table.enter(now, node, from);
    for (const auto& id : v.gone) EXPECT_EQ(open.erase(id), 1u);
    gone += v.gone.size();
    EXPECT_LE(table.size(), half_open::most);
    if (!v.taken) return std::nullopt;
    ++begun;
    open.insert(node);
    EXPECT_EQ(table.size(), open.size());
    return node;
  }
  void finish(const node_id& node) {
    open.erase(node);
    table.tidy([&](const node_id& id) { return open.contains(id); });
  }
  std::size_t fill(std::size_t count, const half_open::origin& from) {
    std::size_t taken = 0;
    for (std::size_t i = 0; i < count; ++i) taken += begin(from).has_value();
    return taken;
  }
};

TEST_F(HalfOpen, one_link_has_a_share_and_what_is_too_much_costs_its_own_oldest) {
  const auto honest = begin(by(2));
  const auto first = begin(by(1));
  EXPECT_EQ(fill(200, by(1)), half_open::most_of_link - 1) << "none is given up before its time";
  now += half_open::least_time;
  EXPECT_TRUE(begin(by(1)));
  EXPECT_FALSE(open.contains(*first));
  for (int i = 0; i < 100; ++i) {
    fill(200, by(1));
    now += half_open::least_time;
  }
  EXPECT_TRUE(open.contains(*honest));
  EXPECT_EQ(table.size(), half_open::most_of_link + 1);
}

TEST_F(HalfOpen, one_ticket_has_a_share_by_however_many_links_it_comes) {
  const auto honest = begin(by(1000, {}, grant(2)));
  for (std::uint64_t link = 1; link <= 200; ++link) begin(by(link, {}, grant(1)));
  EXPECT_EQ(table.size(), half_open::most_of_grant + 1);
  for (std::uint64_t link = 201; link <= 400; ++link) {
    now += half_open::least_time;
    EXPECT_TRUE(begin(by(link, {}, grant(1)))) << "the oldest is given up";
  }
  EXPECT_EQ(table.size(), half_open::most_of_grant + 1);
  EXPECT_TRUE(open.contains(*honest));
  EXPECT_TRUE(begin(by(1001, {}, grant(3))));
}

TEST_F(HalfOpen, newcomers_take_a_place_at_once_from_the_link_that_has_the_most) {
  fill(half_open::most_of_link, by(1));
  fill(half_open::most_of_link, by(2));
  ASSERT_EQ(table.size(), half_open::most);
  std::vector<node_id> honest;
  for (std::uint64_t link = 10; link < 30; ++link) {
    const auto taken = begin(by(link));
    ASSERT_TRUE(taken) << link;
    honest.push_back(*taken);
  }
  for (int i = 0; i < 50; ++i) {
    fill(64, by(1));
    fill(64, by(2));
    now += half_open::least_time;
  }
  for (const auto& id : honest) EXPECT_TRUE(open.contains(id));
}

/// Through one relay's link: a flooder is told apart from others by the label that the relay wrote.
TEST_F(HalfOpen, flood_through_a_relay_costs_nobody_else_behind_it) {
  std::vector<node_id> honest;
  for (std::uint16_t i = 0; i < 100; ++i) {
    for (std::uint16_t k = 0; k < 20; ++k) begin(by(1, {7, static_cast<std::uint16_t>(20 * i + k), 3}));
    if (i % 10 == 5) {
      const auto taken = begin(by(1, {static_cast<std::uint16_t>(1000 + i)}));
      ASSERT_TRUE(taken) << i;
      honest.push_back(*taken);
    }
    now += i % 2 ? half_open::least_time : 1ms;
  }
  EXPECT_EQ(honest.size(), 10u);
  for (const auto& id : honest) EXPECT_TRUE(open.contains(id));
  EXPECT_EQ(table.size(), half_open::most_of_link);
}

/// A relay was restarted, and all its guests come at once: the first may finish, the others repeat their
/// attempts.
TEST_F(HalfOpen, many_honest_ones_at_once_do_not_push_each_other_out) {
  for (std::uint16_t i = 0; i < half_open::most_of_link; ++i)
    EXPECT_TRUE(begin(by(1, {static_cast<std::uint16_t>(i + 1)}))) << i;
  const auto first = open;
  for (std::uint16_t i = 0; i < 1000; ++i) EXPECT_FALSE(begin(by(1, {static_cast<std::uint16_t>(i + 100)})));
  EXPECT_EQ(open, first);
  for (const auto& id : first) finish(id);
  EXPECT_EQ(table.size(), 0u);
  EXPECT_EQ(fill(half_open::most_of_link, by(1, {5})), half_open::most_of_link);
}

/// A member knows the key of every ticket: its attempts with them are told apart by where they come from.
TEST_F(HalfOpen, made_up_tickets_do_not_hide_who_floods) {
  std::uint8_t number = 0;
  for (int i = 0; i < 500; ++i) begin(by(1, {}, grant(++number)));
  EXPECT_EQ(table.size(), half_open::most_of_link);
  const auto honest = begin(by(2, {}, grant(9)));
  ASSERT_TRUE(honest);
  for (int i = 0; i < 500; ++i) {
    begin(by(1, {}, grant(9)));
    now += 10ms;
  }
  EXPECT_TRUE(open.contains(*honest));
}

/// From five links come 8 attempts a second, N of them and then 2 N: twice as many are begun, each in place
/// of another.
TEST_F(HalfOpen, costs_as_much_for_each_attempt_however_many_came) {
  std::vector<std::size_t> counted;
  for (const std::size_t attempts : {1000u, 2000u}) {
    table = {};
    open.clear();
    begun = gone = 0;
    for (std::size_t i = 0; i < attempts; ++i) {
      begin(by(1 + i % 5, {static_cast<std::uint16_t>(1 + i % 3)}));
      now += 125ms;
    }
    EXPECT_LE(begun, attempts);
    EXPECT_EQ(gone, begun - table.size());
    counted.push_back(begun);
  }
  EXPECT_LE(counted[1], 2 * counted[0] + half_open::most);
}

}  // namespace
}  // namespace gof::core
