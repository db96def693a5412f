#include "properties.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace gof::wire {
namespace {

TEST(Writer, puts_the_high_byte_first) {
  bytes out;
  writer(out).u8(0x01).u16(0x0203).u32(0x04050607).u64(0x08090a0b0c0d0e0f);
  EXPECT_EQ(out, hex("01 0203 04050607 08090a0b0c0d0e0f"));
}

TEST(Writer, puts_a_length_before_a_short_block) {
  bytes out;
  writer(out).short_block(as_bytes("ab")).short_block({}).block(as_bytes("c"));
  EXPECT_EQ(out, hex("02 6162 00 63"));
}

TEST(Reader, gives_back_what_was_written) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    const auto a = g.any<std::uint8_t>();
    const auto b = g.any<std::uint16_t>();
    const auto c = g.any<std::uint32_t>();
    const auto d = g.any<std::uint64_t>();
    const auto e = g.block_up_to(255);
    const auto f = g.id<grant_id>();
    bytes out;
    writer(out).u8(a).u16(b).short_block(e).u32(c).block(f.view()).u64(d);
    reader in(out);
    EXPECT_EQ(in.u8(), a);
    EXPECT_EQ(in.u16(), b);
    EXPECT_TRUE(std::ranges::equal(in.short_block(), e));
    EXPECT_EQ(in.u32(), c);
    EXPECT_EQ(in.id<grant_id>(), f);
    EXPECT_EQ(in.left(), 8u);
    EXPECT_FALSE(in.done());
    EXPECT_EQ(in.u64(), d);
    EXPECT_TRUE(in.done());
  }
}

TEST(Reader, gives_zeros_for_ever_once_something_was_missing) {
  const bytes data = {1, 2, 3};
  reader in(data);
  EXPECT_EQ(in.u32(), 0u);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.u8(), 0u);
  EXPECT_TRUE(in.take(1).empty());
  EXPECT_TRUE(in.rest().empty());
  EXPECT_EQ(in.array<4>(), (std::array<std::uint8_t, 4>{}));
  EXPECT_FALSE(in.ok());
  EXPECT_FALSE(in.done());
}

TEST(Reader, takes_a_short_block_whole_or_not_at_all) {
  const bytes data = {3, 1, 2};
  reader in(data);
  EXPECT_TRUE(in.short_block().empty());
  EXPECT_FALSE(in.ok());
}

TEST(Reader, is_done_with_nothing_in_nothing) {
  reader in(const_bytes{});
  EXPECT_TRUE(in.done());
  EXPECT_TRUE(in.take(0).empty());
  EXPECT_TRUE(in.done());
}

}  // namespace
}  // namespace gof::wire
