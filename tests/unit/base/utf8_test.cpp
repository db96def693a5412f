#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace gof::utf8 {
namespace {

using namespace std::string_view_literals;

/// Encodes by the arithmetic of RFC 3629, to check the decoder.
std::string encoded(std::uint32_t code) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  if (code < 0x80) return {byte(code)};
  if (code < 0x800) return {byte(0xc0 | code >> 6), byte(0x80 | (code & 0x3f))};
  if (code < 0x10000)
    return {byte(0xe0 | code >> 12), byte(0x80 | (code >> 6 & 0x3f)), byte(0x80 | (code & 0x3f))};
  return {byte(0xf0 | code >> 18), byte(0x80 | (code >> 12 & 0x3f)), byte(0x80 | (code >> 6 & 0x3f)),
          byte(0x80 | (code & 0x3f))};
}

TEST(Utf8, reads_every_character_and_no_surrogate) {
  for (std::uint32_t code = 0; code < 0x110000; ++code) {
    const auto text = encoded(code);
    const auto c = first(text);
    if (code >= 0xd800 && code < 0xe000) {
      ASSERT_FALSE(c.sound) << std::hex << code;
      continue;
    }
    ASSERT_TRUE(c.sound) << std::hex << code;
    ASSERT_EQ(c.code, code);
    ASSERT_EQ(c.size, text.size());
  }
}

TEST(Utf8, takes_a_byte_of_what_is_no_character_alone) {
  for (const auto text :
       {"\x80"sv, "\xbf"sv, "\xc0\x80"sv, "\xc1\xbf"sv, "\xe0\x9f\xbf"sv, "\xf0\x8f\xbf\xbf"sv,
        "\xed\xa0\x80"sv, "\xf4\x90\x80\x80"sv, "\xf5\x80\x80\x80"sv, "\xfe"sv, "\xff"sv, "\xc3"sv, "\xc3("sv,
        "\xe2\x82"sv, "\xe2\x82x"sv, "\xf0\x9f\x98"sv}) {
    EXPECT_FALSE(first(text).sound) << text;
    EXPECT_EQ(first(text).size, 1u);
  }
}

TEST(Utf8, repairs_bytes_and_leaves_characters) {
  EXPECT_EQ(repaired(""), "");
  EXPECT_EQ(repaired("B\xc3\xbcro \xf0\x9f\x98\x80"), "B\xc3\xbcro \xf0\x9f\x98\x80");
  EXPECT_EQ(repaired("a\xff\xc3"), "a\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(repaired("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(repaired("\0"sv), "\0"sv);
}

TEST(Utf8, cuts_between_characters) {
  const auto text = "a\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80z"sv;
  const std::size_t whole[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};
  for (std::size_t most = 0; most < std::size(whole); ++most)
    EXPECT_EQ(cut(text, most).size(), whole[most]) << most;
  EXPECT_EQ(cut(text, 100), text);
  EXPECT_EQ(cut("\x80\x80\x80\x80\x80\x80\x80\x80", 6).size(), 6u)
      << "these bytes are no character, so any cut will do";
}

TEST(Utf8, knows_the_controls_of_ascii) {
  for (int code = 0; code < 256; ++code)
    EXPECT_EQ(is_control(static_cast<char>(code)), code < 0x20 || code == 0x7f) << std::hex << code;
}

TEST(Utf8, knows_what_has_an_effect_beyond_its_place) {
  for (const std::uint32_t code :
       {0x00,   0x07,   0x0a,   0x1b,   0x1f,   0x7f,   0x80,    0x9b,    0x9f,    0xad,
        0x61c,  0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a,  0x202e,  0x2060,  0x2066,
        0x2069, 0xfdd0, 0xfeff, 0xfff9, 0xfffe, 0xffff, 0xe0001, 0xe0041, 0x1fffe, 0x10ffff})
    EXPECT_TRUE(is_unprintable(code)) << std::hex << code;
  for (const std::uint32_t code : {0x20, 0x7e, 0xa0, 0xfc, 0x20ac, 0x2026, 0x2030, 0xfffd, 0x1f600})
    EXPECT_FALSE(is_unprintable(code)) << std::hex << code;
}

}  // namespace
}  // namespace gof::utf8
