#include "base/crc32c.hpp"

#include <gtest/gtest.h>

namespace gof {
namespace {

TEST(Crc32c, has_the_published_values) {
  EXPECT_EQ(crc32c(as_bytes("123456789")), 0xe3069283);  // the catalogue's check value
  // RFC 3720, B.4
  EXPECT_EQ(crc32c(bytes(32, 0x00)), 0x8a9136aa);
  EXPECT_EQ(crc32c(bytes(32, 0xff)), 0x62a8ab43);
  bytes rising;
  for (std::uint8_t byte = 0; byte < 32; ++byte) rising.push_back(byte);
  EXPECT_EQ(crc32c(rising), 0x46dd794e);
  EXPECT_EQ(crc32c({}), 0u);
}

}  // namespace
}  // namespace gof
