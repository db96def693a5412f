#include "properties.hpp"
#include "wire/have.hpp"
#include "wire/want.hpp"

namespace gof::wire {
namespace {

record_name any_name(generator& g) {
  return {g.id<node_id>(), g.coin() ? record_part::links : record_part::profile};
}

have some_have() {
  return {{{{counting_id<node_id>(0x10), record_part::links}, 0x0102030405060708},
           {{counting_id<node_id>(0x20), record_part::profile}, 9}}};
}

want some_want() {
  return {
      {{counting_id<node_id>(0x10), record_part::profile}, {counting_id<node_id>(0x20), record_part::links}}};
}

TEST(Have, is_these_bytes) {
  EXPECT_EQ(some_have().encode(),
            hex("1011121314151617 01 0102030405060708 2021222324252627 02 0000000000000009"));
}

TEST(Want, is_these_bytes) {
  EXPECT_EQ(some_want().encode(), hex("1011121314151617 02 2021222324252627 01"));
}

TEST(Have, gives_back_what_was_encoded) {
  generator g;
  for (int i = 0; i < 200; ++i) {
    have message;
    for (auto count = g.below(50); count > 0; --count)
      message.items.push_back({any_name(g), g.any<std::uint64_t>()});
    const auto back = have::decode(message.encode());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->items, message.items);
  }
}

TEST(Want, gives_back_what_was_encoded) {
  generator g;
  for (int i = 0; i < 200; ++i) {
    want message;
    for (auto count = g.below(50); count > 0; --count) message.names.push_back(any_name(g));
    const auto back = want::decode(message.encode());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->names, message.names);
  }
}

TEST(Have, is_refused_when_an_item_is_cut) {
  const auto whole = some_have().encode();
  for (std::size_t size = 1; size < whole.size(); ++size)
    EXPECT_EQ(have::decode(exactly(const_bytes(whole).first(size))).has_value(), size % 17 == 0) << size;
}

TEST(Want, is_refused_when_a_name_is_cut) {
  const auto whole = some_want().encode();
  for (std::size_t size = 1; size < whole.size(); ++size)
    EXPECT_EQ(want::decode(exactly(const_bytes(whole).first(size))).has_value(), size % 9 == 0) << size;
}

TEST(Have, skips_parts_of_newer_versions) {
  auto whole = some_have().encode();
  whole[8] = 3;
  const auto back = have::decode(whole);
  ASSERT_TRUE(back);
  ASSERT_EQ(back->items.size(), 1u);
  EXPECT_EQ(back->items[0], some_have().items[1]);
}

TEST(Want, skips_parts_of_newer_versions) {
  auto whole = some_want().encode();
  whole[8] = 0;
  const auto back = want::decode(whole);
  ASSERT_TRUE(back);
  ASSERT_EQ(back->names.size(), 1u);
  EXPECT_EQ(back->names[0], some_want().names[1]);
}

TEST(Have, names_at_most_1024_records) {
  have most;
  most.items.resize(have::most_items);
  auto whole = most.encode();
  EXPECT_TRUE(have::decode(whole));
  append(whole, const_bytes(whole).first(have::item::size));
  EXPECT_FALSE(have::decode(whole));
}

TEST(Want, names_at_most_1024_records) {
  want most;
  most.names.resize(want::most_names);
  auto whole = most.encode();
  EXPECT_TRUE(want::decode(whole));
  append(whole, bytes(record_name::size, 1));
  EXPECT_FALSE(want::decode(whole));
}

}  // namespace
}  // namespace gof::wire
