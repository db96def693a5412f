#include "node/shown_tickets.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

template <class Id>
Id numbered(std::uint8_t number) {
  Id id;
  id.value.fill(number);
  return id;
}
const auto ann = numbered<peer_id>(1);
const auto ben = numbered<peer_id>(2);

TEST(ShownTickets, allow_the_issuers_of_what_was_shown_and_nobody_else) {
  shown_tickets tickets;
  EXPECT_FALSE(tickets.allow(ann));
  tickets.add(ann, numbered<grant_id>(1));
  tickets.add(ann, numbered<grant_id>(2));
  EXPECT_TRUE(tickets.allow(ann));
  EXPECT_FALSE(tickets.allow(ben));
  tickets.add(ben, numbered<grant_id>(1));
  EXPECT_TRUE(tickets.allow(ben));
  EXPECT_EQ(tickets.issuers(), (std::vector<peer_id>{ann, ben}));
}

TEST(ShownTickets, allow_an_issuer_until_its_last_is_withdrawn) {
  shown_tickets tickets;
  tickets.add(ann, numbered<grant_id>(1));
  tickets.add(ann, numbered<grant_id>(2));
  tickets.add(ben, numbered<grant_id>(1));
  const auto is = [](std::uint8_t n) {
    return [n](const grant_id& grant) { return grant == numbered<grant_id>(n); };
  };
  EXPECT_TRUE(tickets.withdraw(ann, is(1)));
  EXPECT_FALSE(tickets.withdraw(ann, is(1)));
  EXPECT_TRUE(tickets.allow(ann));
  EXPECT_TRUE(tickets.withdraw(ann, is(2)));
  EXPECT_FALSE(tickets.allow(ann));
  EXPECT_TRUE(tickets.allow(ben)) << "the same grant id, but another issuer";
  EXPECT_EQ(tickets.issuers(), std::vector<peer_id>{ben});
}

TEST(ShownTickets, keep_at_most_64_withdrawn_ones_included) {
  shown_tickets tickets;
  for (std::uint8_t n = 1; n <= shown_tickets::most; ++n) {
    EXPECT_FALSE(tickets.is_full());
    tickets.add(ann, numbered<grant_id>(n), true);
  }
  EXPECT_TRUE(tickets.is_full());
  tickets.add(ben, numbered<grant_id>(1));
  EXPECT_FALSE(tickets.allow(ben));
  EXPECT_FALSE(tickets.allow(ann));
  EXPECT_TRUE(tickets.knows(ann, numbered<grant_id>(64)));
}

}  // namespace
}  // namespace gof::core
