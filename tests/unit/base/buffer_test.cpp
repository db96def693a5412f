#include "base/buffer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gof {
namespace {

using testing::ElementsAre;

TEST(Buffer, is_empty_and_without_memory_at_first) {
  const buffer one;
  EXPECT_TRUE(one.empty());
  EXPECT_EQ(one.capacity(), 0u);
  EXPECT_TRUE(const_bytes(one).empty());
}

TEST(Buffer, keeps_what_is_appended_while_it_grows) {
  buffer one;
  bytes all;
  for (std::uint8_t i = 0; i < 200; ++i) {
    const bytes more(i, i);
    append(one, more);
    append(all, more);
  }
  EXPECT_TRUE(std::ranges::equal(one, all));
}

TEST(Buffer, gives_the_place_of_bytes_to_be_written) {
  buffer one(bytes{1, 2});
  const auto place = one.grow(2);
  place[0] = 3;
  place[1] = 4;
  EXPECT_THAT(one, ElementsAre(1, 2, 3, 4));
  EXPECT_TRUE(one.grow(0).empty());
}

TEST(Buffer, grows_in_few_steps) {
  buffer one;
  std::size_t moves = 0;
  for (int i = 0; i < 100'000; ++i) {
    const auto before = one.capacity();
    append(one, bytes{1});
    moves += one.capacity() != before;
  }
  EXPECT_LT(moves, 20u);
}

TEST(Buffer, does_not_move_within_what_was_reserved) {
  buffer one;
  one.reserve(100);
  const auto* before = one.data();
  one.grow(60);
  append(one, bytes(40));
  EXPECT_EQ(one.data(), before);
  EXPECT_EQ(one.size(), 100u);
}

TEST(Buffer, is_cut_without_losing_its_memory) {
  buffer one(bytes{1, 2, 3});
  const auto before = one.capacity();
  one.cut(5);
  EXPECT_EQ(one.size(), 3u);
  one.cut(1);
  EXPECT_THAT(one, ElementsAre(1));
  EXPECT_EQ(one.capacity(), before);
}

TEST(Buffer, leaves_nothing_behind_when_moved_from) {
  buffer one(bytes{1, 2, 3});
  buffer other(std::move(one));
  EXPECT_TRUE(one.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_THAT(other, ElementsAre(1, 2, 3));
  append(one, bytes{4});
  other = std::move(one);
  EXPECT_THAT(other, ElementsAre(4));
  EXPECT_TRUE(one.empty());  // NOLINT(bugprone-use-after-move)
}

}  // namespace
}  // namespace gof
