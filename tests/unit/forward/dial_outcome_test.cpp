#include "forward/dial_outcome.hpp"

#include <boost/asio/error.hpp>
#include <gtest/gtest.h>

namespace gof::forward {
namespace {

namespace io_error = boost::asio::error;
using kind = dial::failure::kind;

dial::failure connect(boost::system::error_code error) {
  return {kind::connect, "192.0.2.1:80", error};
}

const dial::failure silent{kind::silent, "192.0.2.1:80", io_error::timed_out};

TEST(DialFailure, tells_refused_from_silent_and_from_the_rest) {
  EXPECT_EQ(dial_failure::of(connect(io_error::connection_refused)).why, errc::target_refused);
  EXPECT_EQ(dial_failure::of(connect(io_error::timed_out)).why, errc::target_timeout);
  EXPECT_EQ(dial_failure::of(silent).why, errc::target_timeout);
  EXPECT_EQ(dial_failure::of(silent).system_words, "no answer");
  const auto other = dial_failure::of(connect(io_error::host_unreachable));
  EXPECT_EQ(other.why, errc::target_failed);
  EXPECT_EQ(other.system_words, "No route to host");
}

TEST(DialFailure, tells_a_name_that_is_none_from_one_that_was_not_asked_for) {
  const auto name = [](boost::system::error_code error) {
    return dial_failure::of({kind::name, "db.lan:80", error});
  };
  EXPECT_EQ(name(io_error::host_not_found).why, errc::target_unknown);
  EXPECT_EQ(name(io_error::timed_out).why, errc::target_unknown);
  EXPECT_EQ(name(io_error::timed_out).system_words, "the resolver did not answer");
  EXPECT_EQ(name(io_error::try_again).why, errc::busy);
}

TEST(DialFailure, lack_of_descriptors_is_no_fault_of_the_target) {
  const dial::failure lacking{kind::resource_exhausted, "192.0.2.1:80", io_error::no_descriptors};
  EXPECT_EQ(dial_failure::of(lacking).why, errc::busy);
  EXPECT_EQ(dial_failure::of(lacking).system_words, "Too many open files");
}

TEST(DialFailure, prefers_of_several_addresses_the_one_that_answered) {
  const auto refused = connect(io_error::connection_refused);
  const auto unreachable = connect(io_error::network_unreachable);
  EXPECT_EQ(dial_failure::of({refused, silent}).why, errc::target_refused);
  EXPECT_EQ(dial_failure::of({silent, refused}).why, errc::target_refused);
  EXPECT_EQ(dial_failure::of({unreachable, silent}).why, errc::target_timeout);
}

TEST(DialFailure, says_what_the_target_did) {
  EXPECT_EQ((dial_failure{errc::target_refused, "x"}.text("localhost:22", "home")),
            "localhost:22 on home refused");
  EXPECT_EQ((dial_failure{errc::target_unknown, "x"}.text("db.lan:5432", "home")),
            "db.lan:5432 on home: the name does not resolve");
  EXPECT_EQ((dial_failure{errc::target_timeout, "x"}.text("10.0.0.9:1", "home")),
            "10.0.0.9:1 on home did not answer");
  EXPECT_EQ(
      (dial_failure{errc::loop, ""}.text("localhost:80", "home")),
      "localhost:80 on home is where a forward of this service listens (a loop); give that another port");
  EXPECT_EQ((dial_failure{errc::target_failed, "No route to host"}.text("10.0.0.9:1", "home")),
            "10.0.0.9:1 on home: No route to host");
}

}  // namespace
}  // namespace gof::forward
