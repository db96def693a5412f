#include "wire/reason.hpp"

#include <gtest/gtest.h>

namespace gof::wire {
namespace {

TEST(Reason, keeps_the_numbers_of_the_wire) {
  EXPECT_EQ(static_cast<int>(reason::none), 0);
  EXPECT_EQ(static_cast<int>(reason::version), 1);
  EXPECT_EQ(static_cast<int>(reason::withdrawn), 2);
  EXPECT_EQ(static_cast<int>(reason::busy), 3);
  EXPECT_EQ(static_cast<int>(reason::unknown_service), 4);
  EXPECT_EQ(static_cast<int>(reason::not_allowed), 5);
  EXPECT_EQ(static_cast<int>(reason::target_refused), 6);
  EXPECT_EQ(static_cast<int>(reason::target_unknown), 7);
  EXPECT_EQ(static_cast<int>(reason::target_timeout), 8);
  EXPECT_EQ(static_cast<int>(reason::target_failed), 9);
  EXPECT_EQ(static_cast<int>(reason::reset), 10);
  EXPECT_EQ(static_cast<int>(reason::survived_out), 11);
  EXPECT_EQ(static_cast<int>(reason::superseded), 12);
  EXPECT_EQ(static_cast<int>(reason::protocol), 13);
  EXPECT_EQ(static_cast<int>(reason::shutdown), 14);
  EXPECT_EQ(static_cast<int>(reason::identity), 15);
  EXPECT_EQ(static_cast<int>(reason::unknown_route), 16);
  EXPECT_EQ(static_cast<int>(reason::loop), 17);
}

TEST(Reason, counts_as_protocol_when_its_number_is_unknown) {
  for (unsigned number = 0; number < 256; ++number) {
    const auto why = reason_from(static_cast<std::uint8_t>(number));
    EXPECT_EQ(why, number < reason_count ? static_cast<reason>(number) : reason::protocol) << number;
  }
}

}  // namespace
}  // namespace gof::wire
