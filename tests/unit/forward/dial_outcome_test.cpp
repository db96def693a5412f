#include "forward/dial_outcome.hpp"

#include <boost/asio/error.hpp>
#include <gtest/gtest.h>

namespace gof::forward {
namespace {

namespace io_error = boost::asio::error;

TEST(DialFailure, tells_refused_from_silent_and_from_the_rest) {
  EXPECT_EQ(dial_failure::of_connect(io_error::connection_refused).why, errc::target_refused);
  EXPECT_EQ(dial_failure::of_connect(io_error::timed_out).why, errc::target_timeout);
  const auto other = dial_failure::of_connect(io_error::host_unreachable);
  EXPECT_EQ(other.why, errc::target_failed);
  EXPECT_EQ(other.system_words, "No route to host");
  EXPECT_EQ(dial_failure::of_name(io_error::host_not_found).why, errc::target_unknown);
}

TEST(DialFailure, prefers_of_two_addresses_the_one_that_answered) {
  const dial_failure refused{errc::target_refused, {}};
  const dial_failure silent{errc::target_timeout, {}};
  EXPECT_EQ(dial_failure::better(refused, silent).why, errc::target_refused);
  EXPECT_EQ(dial_failure::better(silent, refused).why, errc::target_refused);
}

}  // namespace
}  // namespace gof::forward
