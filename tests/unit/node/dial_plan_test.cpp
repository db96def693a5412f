#include "node/dial_plan.hpp"

#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

const wire::address relay{"relay", 1};
const wire::address other{"other", 2};
const wire::address third{"third", 3};

node_id node(std::uint8_t number) {
  node_id id;
  id.value.fill(number);
  return id;
}

/// The plan of a guest whose ticket names one relay. The test makes every dial and its outcome.
struct Contact : ::testing::Test {
  test::seeded_random random{1};
  instant now{100s};
  std::uint64_t last_link = 0;
  dial_plan c{now, {relay}, wire::ticket()};

  /// What it dials within this time, each with its link.
  std::vector<std::pair<wire::address, link_id>> dialled(duration within) {
    std::vector<std::pair<wire::address, link_id>> all;
    const auto end = now + within;
    for (;;) {
      while (const auto to = c.poll_dial(now)) {
        all.emplace_back(*to, link_id{++last_link});
        c.handle_started(all.back().second);
      }
      const auto due = c.poll_timeout();
      if (!due || *due > end) break;
      EXPECT_GT(*due, now) << "it dials without a pause";
      now = *due;
    }
    now = end;
    return all;
  }
  void up(const node_id& at) {
    const auto tried = dialled(0s);
    ASSERT_EQ(tried.size(), 1u);
    c.handle_up(now, tried[0].second, at);
  }
};

TEST_F(Contact, wants_one_link_while_it_knows_of_one_place) {
  up(node(1));
  EXPECT_TRUE(c.is_satisfied());
  EXPECT_TRUE(dialled(1h).empty());
}

TEST_F(Contact, dials_a_learned_place_for_a_second_link) {
  up(node(1));
  c.handle_learned(now, {other});
  EXPECT_FALSE(c.is_satisfied());
  const auto tried = dialled(2s);
  ASSERT_EQ(tried.size(), 1u);
  EXPECT_EQ(tried[0].first, other);
  c.handle_up(now, tried[0].second, node(2));
  EXPECT_TRUE(c.is_satisfied());
  EXPECT_TRUE(dialled(1h).empty());
}

TEST_F(Contact, tries_a_learned_place_that_does_not_answer_ever_less_often) {
  up(node(1));
  c.handle_learned(now, {other});
  std::vector<instant> tries;
  while (tries.size() < 10) {
    const auto tried = dialled(1s);
    for (const auto& [to, link] : tried) {
      EXPECT_EQ(to, other);
      tries.push_back(now);
      c.handle_failed(now, link, wire::reason::none, "no", random);
    }
  }
  EXPECT_LE(tries[1] - tries[0], 4s);
  EXPECT_GE(tries[9] - tries[8], dial_plan::second_longest - 2s);
  EXPECT_LE(tries[9] - tries[8], dial_plan::second_longest + 2s);
}

TEST_F(Contact, goes_on_with_learned_places_once_its_tickets_one_is_gone) {
  up(node(1));
  c.handle_learned(now, {other});
  c.handle_lost(now, node(1), random);
  const auto tried = dialled(2s);
  ASSERT_EQ(tried.size(), 2u);
  EXPECT_EQ(tried[0].first, relay);
  EXPECT_EQ(tried[1].first, other);
}

TEST_F(Contact, takes_the_newest_list_but_keeps_what_is_in_use) {
  up(node(1));
  c.handle_learned(now, {other});
  const auto tried = dialled(2s);
  ASSERT_EQ(tried.size(), 1u);
  c.handle_up(now, tried[0].second, node(2));
  c.handle_learned(now, {relay, third});  // the other member sends these
  EXPECT_TRUE(dialled(1h).empty()) << "two links are up";
  c.handle_lost(now, node(1), random);
  c.handle_lost(now, node(2), random);
  std::vector<wire::address> places;
  for (const auto& [to, link] : dialled(2s)) places.push_back(to);
  EXPECT_EQ(places, (std::vector<wire::address>{relay, other, third}));
}

TEST_F(Contact, forgets_learned_places_that_are_named_no_more) {
  up(node(1));
  c.handle_learned(now, {other});
  c.handle_learned(now, {});
  EXPECT_TRUE(c.is_satisfied());
  EXPECT_TRUE(dialled(1h).empty());
}

TEST_F(Contact, keeps_at_most_4_learned_places) {
  up(node(1));
  for (std::uint16_t port = 1; port < 20; ++port)
    c.handle_learned(now, {{"a", port}, {"b", port}, {"c", port}, {"d", port}, {"e", port}});
  EXPECT_EQ(dialled(900ms).size(), 0u);
  EXPECT_EQ(dialled(10s).size(), dial_plan::most_learned);
}

TEST_F(Contact, goes_on_when_a_list_comes_while_its_last_place_is_dialled) {
  up(node(1));
  c.handle_learned(now, {other});
  const auto tried = dialled(2s);
  ASSERT_EQ(tried.size(), 1u);
  c.handle_learned(now, {other, third});
  c.handle_failed(now, tried[0].second, wire::reason::none, "no", random);
  const auto next = dialled(5s);
  ASSERT_GE(next.size(), 1u);
  EXPECT_EQ(next[0].first, third);
}

TEST_F(Contact, learned_place_that_leads_to_the_same_node_is_left_alone) {
  up(node(1));
  c.handle_learned(now, {other});
  const auto tried = dialled(2s);
  ASSERT_EQ(tried.size(), 1u);
  c.handle_up(now, tried[0].second, node(1));
  EXPECT_TRUE(dialled(1h).empty());
}

TEST_F(Contact, of_a_bootstrap_comes_back_to_a_member_that_was_gone) {
  c = dial_plan(now, {relay, other}, std::nullopt);
  auto tried = dialled(1s);
  ASSERT_EQ(tried.size(), 2u);
  c.handle_up(now, tried[0].second, node(1));
  c.handle_up(now, tried[1].second, node(2));
  EXPECT_TRUE(dialled(1h).empty());
  c.handle_lost(now, node(1), random);
  int tries = 0;
  for (const auto end = now + 2min; now < end;) {
    for (const auto& [to, link] : dialled(1s)) {
      ++tries;
      EXPECT_EQ(to, relay);
      EXPECT_FALSE(c.handle_failed(now, link, wire::reason::none, "no", random)) << "a link is up";
    }
  }
  EXPECT_GE(tries, 4) << "it settled for one link";
  tried = dialled(dial_plan::second_longest);
  ASSERT_EQ(tried.size(), 1u);
  c.handle_up(now, tried[0].second, node(3));
  EXPECT_TRUE(c.is_satisfied());
}

TEST_F(Contact, tells_only_what_the_last_round_met) {
  c = dial_plan(now, {relay, other}, std::nullopt);
  const auto tried = dialled(1s);
  ASSERT_EQ(tried.size(), 2u);
  c.handle_up(now, tried[1].second, node(2));
  c.handle_failed(now, tried[0].second, wire::reason::none, "old", random);
  c.handle_lost(now, node(2), random);
  std::optional<dial_plan::round_over> over;
  for (const auto& [to, link] : dialled(5s))
    over = c.handle_failed(now, link, wire::reason::none, "new", random);
  ASSERT_TRUE(over);
  EXPECT_EQ(over->detail, "new");
}

TEST_F(Contact, of_a_bootstrap_learns_nothing) {
  dial_plan b(now, {relay}, std::nullopt);
  ASSERT_TRUE(b.poll_dial(now));
  b.handle_started(link_id{1});
  b.handle_up(now, link_id{1}, node(1));
  b.handle_learned(now, {other});
  EXPECT_TRUE(b.is_satisfied());
  EXPECT_FALSE(b.poll_timeout());
}

}  // namespace
}  // namespace gof::core
