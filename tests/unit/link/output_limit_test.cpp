#include "link/output_limit.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

constexpr std::uint64_t mbit = 1'000'000 / 8;  // bytes a second

output_limit on(const output_limit::path& told) {
  output_limit limit;
  limit.handle_path(told);
  return limit;
}
output_limit::path line(std::uint64_t rate, std::chrono::microseconds round_trip) {
  return {.rate = rate,
          .window = 2 * rate * static_cast<std::uint64_t>(round_trip.count()) / 1'000'000,
          .round_trip = round_trip};
}

}  // namespace

using namespace std::chrono_literals;

TEST(OutputLimit, is_one_write_on_a_path_of_which_nothing_is_known) {
  EXPECT_EQ(output_limit().bytes(), output_limit::most);
  EXPECT_EQ(output_limit().in_flight(), output_limit::unlimited);
}

TEST(OutputLimit, is_what_the_path_carries_in_a_moment) {
  EXPECT_EQ(on(line(100 * mbit, 1ms)).bytes(), 62'500u);
  EXPECT_EQ(on(line(10 * mbit, 1ms)).bytes(), 6'250u);
}

TEST(OutputLimit, is_never_too_little_for_a_message_or_too_much_for_a_write) {
  EXPECT_EQ(on(line(mbit / 100, 1ms)).bytes(), output_limit::least);
  EXPECT_EQ(on(line(10'000 * mbit, 1ms)).bytes(), output_limit::most);
}

TEST(OutputLimit, follows_the_window_where_that_is_large) {
  EXPECT_EQ(on(line(100 * mbit, 100ms)).bytes(), output_limit::most);
  EXPECT_EQ(on({.rate = 1, .window = 160'000}).bytes(), 10'000u);
}

TEST(OutputLimit, keeps_little_more_in_flight_than_a_slow_path_holds) {
  EXPECT_EQ(on(line(2 * mbit, 80ms)).in_flight(), 30'000u);
}

TEST(OutputLimit, keeps_as_much_in_flight_as_tcp_begins_with) {
  EXPECT_EQ(on(line(mbit / 10, 10ms)).in_flight(), output_limit::least_in_flight);
}

TEST(OutputLimit, leaves_the_flight_to_tcp_while_something_that_was_lost_is_repeated) {
  auto told = line(2 * mbit, 80ms);
  told.is_recovering = true;
  EXPECT_EQ(on(told).in_flight(), output_limit::unlimited);
}

TEST(OutputLimit, leaves_all_to_tcp_while_that_measures_the_path) {
  auto limit = on(line(2 * mbit, 80ms));
  limit.handle_path({.rate = 0, .window = 20'000, .round_trip = 80ms});
  EXPECT_EQ(limit.bytes(), output_limit::most);
  EXPECT_EQ(limit.in_flight(), output_limit::unlimited);
}

TEST(OutputLimit, leaves_the_flight_to_tcp_on_a_path_that_is_fast_holds_much_or_is_not_known) {
  EXPECT_EQ(on(line(1'000 * mbit, 100us)).in_flight(), output_limit::unlimited);
  EXPECT_EQ(on(line(100 * mbit, 40ms)).in_flight(), output_limit::unlimited);
  EXPECT_EQ(on(line(2 * mbit, 0ms)).in_flight(), output_limit::unlimited);
}

TEST(OutputLimit, follows_a_path_that_changes) {
  output_limit limit;
  limit.handle_path(line(2 * mbit, 80ms));
  limit.handle_path(line(1'000 * mbit, 80ms));
  EXPECT_EQ(limit.bytes(), output_limit::most);
  EXPECT_EQ(limit.in_flight(), output_limit::unlimited);
}

}  // namespace gof::core
