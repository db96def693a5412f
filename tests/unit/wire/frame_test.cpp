#include "wire/frame.hpp"

#include "properties.hpp"

namespace gof::wire {
namespace {

constexpr std::size_t tag_size = 16;

bytes encoded(const frame& f) {
  const auto prefix = f.encode();
  return bytes(prefix.begin(), prefix.end());
}

TEST(Frame, is_these_bytes) {
  EXPECT_EQ(encoded({0x1234, 0x11, 28}), hex("001234 11 001c"));
  EXPECT_EQ(encoded({0x00fffa, 0x10, 0x0102}), hex("00fffa 10 0102"));
}

TEST(Frame, keeps_the_numbers_of_its_types) {
  EXPECT_EQ(static_cast<int>(frame_type::crypto), 0x01);
  EXPECT_EQ(static_cast<int>(frame_type::refused), 0x02);
  EXPECT_EQ(static_cast<int>(frame_type::proof), 0x03);
  EXPECT_EQ(static_cast<int>(frame_type::ping), 0x04);
  EXPECT_EQ(static_cast<int>(frame_type::pong), 0x05);
  EXPECT_EQ(static_cast<int>(frame_type::bye), 0x06);
  EXPECT_EQ(static_cast<int>(frame_type::rekey), 0x07);
  EXPECT_EQ(static_cast<int>(frame_type::relay_data), 0x10);
  EXPECT_EQ(static_cast<int>(frame_type::relay_control), 0x11);
}

TEST(Frame, is_clear_only_before_the_keys_stand) {
  for (unsigned type = 0; type < 256; ++type)
    EXPECT_EQ(is_clear(static_cast<std::uint8_t>(type)), type == 1 || type == 2) << type;
}

TEST(Frame, gives_back_what_was_encoded) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    frame f;
    f.type = g.any<std::uint8_t>();
    const auto room = frame::largest - frame::prefix_size;
    f.header_length = is_clear(f.type) ? 0 : g.below(room - tag_size + 1);
    const auto least = is_clear(f.type) ? 0 : f.header_length + tag_size;
    f.length = least + g.below(room - least + 1);
    const auto back = frame::decode(f.encode());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->length, f.length);
    EXPECT_EQ(back->type, f.type);
    EXPECT_EQ(back->header_length, f.header_length);
  }
}

TEST(Frame, is_refused_when_cut) {
  expect_every_cut_refused(frame::decode, encoded({100, 4, 4}));
}

// After the prefix comes the frame's body.
TEST(Frame, is_read_from_its_first_six_bytes_alone) {
  auto data = encoded({20, 4, 4});
  append(data, hex("ffff"));
  EXPECT_EQ(frame::decode(data)->length, 20u);
}

TEST(Frame, is_never_larger_than_64_kib) {
  EXPECT_TRUE(frame::decode(hex("00fffa 10 0000")));
  EXPECT_FALSE(frame::decode(hex("00fffb 10 0000")));
  EXPECT_FALSE(frame::decode(hex("ffffff 10 0000")));
}

TEST(Frame, holds_its_sealed_header_and_the_tag) {
  EXPECT_TRUE(frame::decode(hex("000014 04 0004")));
  EXPECT_FALSE(frame::decode(hex("000013 04 0004")));
  EXPECT_FALSE(frame::decode(hex("00000f 04 0000")));
  EXPECT_FALSE(frame::decode(hex("00fffa 04 ffff")));
}

TEST(Frame, has_no_sealed_header_when_clear) {
  EXPECT_TRUE(frame::decode(hex("000000 01 0000")));
  EXPECT_TRUE(frame::decode(hex("000011 02 0000")));
  EXPECT_FALSE(frame::decode(hex("000011 02 0001")));
}

TEST(Frame, reads_noise_as_itself_or_not_at_all) {
  generator g;
  expect_total(g, frame::decode, encoded, encoded({100, 4, 4}),
               [](const bytes& data) { return bytes(data.begin(), data.begin() + frame::prefix_size); });
}

}  // namespace
}  // namespace gof::wire
