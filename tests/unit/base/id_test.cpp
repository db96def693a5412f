#include "base/id.hpp"

#include <gtest/gtest.h>

#include <type_traits>
#include <unordered_set>

namespace gof {
namespace {

static_assert(!std::is_convertible_v<session_id, node_id>, "ids of one size must not mix");
static_assert(!std::is_convertible_v<const_bytes, node_id>, "bytes become an id only where it is said");

TEST(Id, is_zero_until_given_a_value) {
  EXPECT_TRUE(node_id{}.is_zero());
  const bytes last_only = {0, 0, 0, 0, 0, 0, 0, 1};
  EXPECT_FALSE(node_id(last_only).is_zero());
}

TEST(Id, takes_what_is_there_and_no_more) {
  const bytes longer = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const bytes shorter = {1, 2};
  EXPECT_TRUE(std::ranges::equal(node_id(longer).view(), const_bytes(longer).first(8)));
  EXPECT_EQ(node_id(shorter).value, (std::array<std::uint8_t, 8>{1, 2}));
  EXPECT_TRUE(node_id(const_bytes{}).is_zero());
}

TEST(Id, orders_as_its_bytes_do) {
  const bytes low = {0, 0xff};
  const bytes high = {1, 0};
  const bytes highest = {0x80};
  EXPECT_LT(node_id(low), node_id(high));
  EXPECT_LT(node_id(high), node_id(highest));
}

TEST(Id, tells_values_apart_in_a_hashed_set) {
  std::unordered_set<grant_id, grant_id::hash> seen;
  for (unsigned i = 0; i < 256; ++i) {
    grant_id id;
    id.value[15] = static_cast<std::uint8_t>(i);
    EXPECT_TRUE(seen.insert(id).second);
    EXPECT_FALSE(seen.insert(id).second);
  }
}

}  // namespace
}  // namespace gof
