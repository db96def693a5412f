#include "mux/sctp_load.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace gof::core {
namespace {

TEST(Sctp_load, takes_each_in_its_turn_but_the_first) {
  sctp_load load(4);
  for (const auto expected : {1, 2, 3, 1, 2}) {
    const auto at = load.least_used();
    EXPECT_EQ(at, expected);
    load.enter(at);
  }
}

TEST(Sctp_load, prefers_what_carries_least) {
  sctp_load load(4);
  for (const auto at : std::initializer_list<std::uint16_t>{1, 1, 2, 3, 3}) load.enter(at);
  EXPECT_EQ(load.least_used(), 2);
  load.leave(3);
  load.leave(3);
  EXPECT_EQ(load.least_used(), 3);
}

TEST(Sctp_load, brings_the_other_sides_choice_into_range) {
  sctp_load load(4);
  EXPECT_EQ(load.enter(6), 2);
}

}  // namespace
}  // namespace gof::core
