#include "wire/neighbours.hpp"

#include "properties.hpp"

namespace gof::wire {
namespace {

neighbours some_neighbours() {
  return {{{"a.b", 1}, {"2001:db8::1", 65535}}};
}

TEST(Neighbours, is_these_bytes) {
  EXPECT_EQ(some_neighbours().encode(), hex("02 03 612e62 0001 0b 323030313a6462383a3a31 ffff"));
  EXPECT_EQ(neighbours().encode(), hex("00"));
}

TEST(Neighbours, gives_back_what_was_encoded) {
  EXPECT_EQ(neighbours::decode(some_neighbours().encode()), some_neighbours());
  EXPECT_EQ(neighbours::decode(neighbours().encode()), neighbours());
}

TEST(Neighbours, is_refused_when_cut_or_longer) {
  expect_every_cut_refused(neighbours::decode, some_neighbours().encode());
  expect_more_refused(neighbours::decode, some_neighbours().encode());
}

TEST(Neighbours, names_at_most_4_addresses) {
  neighbours most;
  for (std::uint16_t port = 1; port <= neighbours::most_addresses; ++port)
    most.addresses.push_back({"a", port});
  auto whole = most.encode();
  EXPECT_TRUE(neighbours::decode(whole));
  ++whole[0];
  append(whole, hex("01 61 0005"));
  EXPECT_FALSE(neighbours::decode(whole));
}

TEST(Neighbours, is_refused_with_an_address_that_cannot_be_dialled) {
  EXPECT_TRUE(neighbours::decode(hex("01 01 61 0001")));
  EXPECT_FALSE(neighbours::decode(hex("01 01 61 0000")));
  EXPECT_FALSE(neighbours::decode(hex("01 00 0001")));
  EXPECT_FALSE(neighbours::decode(hex("01 01 0a 0001")));
}

TEST(Neighbours, reads_any_bytes_as_what_they_are) {
  generator g;
  expect_total<neighbours>(g, some_neighbours().encode());
}

}  // namespace
}  // namespace gof::wire
