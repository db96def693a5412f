#include "base/hex.hpp"

#include <gtest/gtest.h>

namespace gof {
namespace {

TEST(Hex, writes_two_lower_case_digits_for_each_byte) {
  EXPECT_EQ(to_hex(bytes{0x00, 0x0f, 0xa0, 0xff}), "000fa0ff");
  EXPECT_EQ(to_hex({}), "");
}

TEST(Hex, reads_every_byte_it_writes) {
  bytes every;
  for (int byte = 0; byte < 256; ++byte) every.push_back(static_cast<std::uint8_t>(byte));
  EXPECT_EQ(from_hex(to_hex(every)), every);
  EXPECT_EQ(from_hex(""), bytes());
}

TEST(Hex, reads_either_case) {
  EXPECT_EQ(from_hex("aBCd"), (bytes{0xab, 0xcd}));
}

TEST(Hex, refuses_half_a_byte_and_what_is_no_digit) {
  EXPECT_FALSE(from_hex("a"));
  EXPECT_FALSE(from_hex("abc"));
  for (const char* text : {"g0", "0g", "0x", "-1", "+1", " 1", "1 ", "ab 12",
                           "\xff"
                           "0"})
    EXPECT_FALSE(from_hex(text)) << text;
}

}  // namespace
}  // namespace gof
