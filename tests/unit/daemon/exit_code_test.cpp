#include "daemon/exit_code.hpp"

#include <gof/error.hpp>

#include <gtest/gtest.h>

namespace gof::daemon {
namespace {

TEST(ExitCode, is_that_of_the_contract) {
  EXPECT_EQ(exit_code_of({}), 0);
  for (const auto why : {errc::not_allowed, errc::withdrawn, errc::wrong_identity})
    EXPECT_EQ(exit_code_of(why), 77);
  for (const auto why : {errc::unknown_service, errc::no_path}) EXPECT_EQ(exit_code_of(why), 69);
  EXPECT_EQ(exit_code_of(errc::timed_out), 124);
  EXPECT_EQ(exit_code_of(errc::version), 76);
  EXPECT_EQ(exit_code_of(make_error_code(boost::system::errc::address_in_use)), 1);
}

}  // namespace
}  // namespace gof::daemon
