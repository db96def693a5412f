#include "mux/credit_budget.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace gof::core {
namespace {

constexpr std::size_t mebibyte = 1024 * 1024;
constexpr std::size_t first = credit_budget::first_window;

credit_key key(std::size_t n) {
  return {peer_id(as_bytes("peer " + std::to_string(n)))};
}

/// One peer's windows, which grow as its streams would grow them.
struct demand {
  credit_share share;
  std::vector<std::size_t> windows;

  demand(credit_budget& budget, std::size_t who) : share(budget, key(who)) {}
  ~demand() {
    for (const auto w : windows) share.change(w, 0);
  }
  bool open() {
    if (!share.admits_stream()) return false;
    share.change(0, first);
    windows.push_back(first);
    return true;
  }
  /// Once for each window: doubles it if possible, halves it if necessary. Returns how many changed.
  std::size_t settle(std::size_t most = 16 * mebibyte) {
    std::size_t changed = 0;
    for (auto& w : windows) {
      const auto before = w;
      if (w > first && share.is_crowded_by(w))
        w /= 2;
      else if (2 * w <= most && share.has_room(w, 2 * w))
        w *= 2;
      share.change(before, w);
      changed += before != w;
    }
    return changed;
  }
  std::size_t all() const {
    std::size_t sum = 0;
    for (const auto w : windows) sum += w;
    return sum;
  }
};

struct Budget : ::testing::Test {
  credit_budget budget;

  /// This many peers, each with this many streams that take all they get.
  std::vector<std::unique_ptr<demand>> greedy(std::size_t peers, std::size_t streams) {
    std::vector<std::unique_ptr<demand>> all;
    for (std::size_t p = 0; p < peers; ++p) {
      all.push_back(std::make_unique<demand>(budget, p));
      for (std::size_t i = 0; i < streams; ++i) all.back()->open();
      for (int round = 0; round < 40; ++round) {
        for (auto& one : all) one->settle();
        EXPECT_LE(budget.granted(), credit_budget::limit);
      }
    }
    return all;
  }
  /// What a single stream of another peer gets in addition.
  std::size_t newcomers(std::size_t who) {
    demand one(budget, who);
    if (!one.open()) return 0;
    for (int round = 0; round < 20; ++round) one.settle();
    return one.all();
  }
};

TEST_F(Budget, gives_one_peer_a_quarter_and_a_newcomer_a_whole_window) {
  const auto hog = greedy(1, 1000);
  EXPECT_LE(hog[0]->all(), credit_budget::limit / 4 + 1000 * first);
  EXPECT_GE(hog[0]->all(), credit_budget::limit / 8 + 1000 * first);
  EXPECT_EQ(newcomers(99), 16 * mebibyte);
}

TEST_F(Budget, leaves_a_newcomer_its_part_beside_any_number_of_peers) {
  for (const std::size_t peers : {2, 4, 8, 16, 32, 64}) {
    const auto hogs = greedy(peers, 64);
    EXPECT_GE(newcomers(99), credit_budget::limit / (8 * (peers + 1))) << peers;
  }
}

TEST_F(Budget, shares_by_peer_first_and_not_by_stream) {
  const auto many = greedy(1, 2000);
  demand few(budget, 99);
  for (int i = 0; i < 4; ++i) few.open();
  for (int round = 0; round < 40; ++round) {
    few.settle();
    many[0]->settle();
  }
  EXPECT_GE(few.all(), 30 * mebibyte) << "a fifth of the whole is theirs, in steps of a factor of two";
}

TEST_F(Budget, gives_a_new_stream_of_the_same_peer_its_part_once_others_had_their_turn) {
  for (const std::size_t streams : {2, 16, 128, 1024}) {
    auto hog = greedy(1, streams);
    ASSERT_TRUE(hog[0]->open());
    for (int round = 0; round < 40; ++round) hog[0]->settle();
    const auto fair = std::min(16 * mebibyte, credit_budget::limit / 4 / (streams + 1));
    EXPECT_GE(hog[0]->windows.back(), fair / 4) << streams;
  }
}

TEST_F(Budget, comes_to_rest) {
  auto hogs = greedy(3, 50);
  std::size_t changed = 0;
  for (auto& one : hogs) changed += one->settle();
  EXPECT_EQ(changed, 0u);
}

TEST_F(Budget, admits_newcomers_beside_a_peer_that_opens_streams_without_end) {
  demand flood(budget, 0);
  while (flood.open()) {
  }
  EXPECT_EQ(flood.windows.size(), 14'336u);
  demand other(budget, 1);
  std::size_t admitted = 0;
  while (other.open()) ++admitted;
  EXPECT_GE(admitted, 1500u);
  EXPECT_LE(budget.granted(), credit_budget::limit);
}

TEST_F(Budget, lets_a_stream_grow_beside_10000_that_did_not) {
  demand one(budget, 0);
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(one.open());
  const auto before = one.windows.back();
  for (int round = 0; round < 10; ++round) {
    auto& w = one.windows.back();
    if (!one.share.has_room(w, 2 * w)) break;
    one.share.change(w, 2 * w);
    w *= 2;
  }
  EXPECT_EQ(before, first);
  EXPECT_EQ(one.windows.back(), 16 * mebibyte);
}

/// As if nothing was read: windows keep what they were granted.
TEST_F(Budget, admits_10000_streams_of_a_peer_although_the_first_of_them_grew_and_stand) {
  for (const int grown : {1, 16, 500, 3000}) {
    demand one(budget, 0);
    for (int i = 0; i < 10'000; ++i) {
      ASSERT_TRUE(one.open()) << i << " beside " << grown;
      if (i + 1 != grown) continue;
      for (int round = 0; round < 40; ++round) one.settle();
      ASSERT_GT(one.all(), grown * first);
    }
    EXPECT_LE(budget.granted(), credit_budget::limit);
  }
}

TEST_F(Budget, counts_two_sessions_of_one_peer_as_one_share) {
  demand a(budget, 0);
  demand b(budget, 0);
  EXPECT_EQ(budget.shares(), 1u);
  for (int i = 0; i < 500; ++i) {
    a.open();
    b.open();
  }
  for (int round = 0; round < 40; ++round) {
    a.settle();
    b.settle();
  }
  EXPECT_LE(a.all() + b.all(), credit_budget::limit / 4 + 1000 * first);
}

TEST_F(Budget, keeps_nothing_of_a_peer_without_sessions) {
  { const auto all = greedy(5, 10); }
  EXPECT_EQ(budget.shares(), 0u);
  EXPECT_EQ(budget.granted(), 0u);
}

}  // namespace
}  // namespace gof::core
