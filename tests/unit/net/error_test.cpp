#include "net/error.hpp"

#include <gtest/gtest.h>

#include <set>

namespace gof::net {

TEST(Error, every_reason_but_the_orderly_end_is_an_error_with_words) {
  EXPECT_FALSE(error_from(wire::reason::none));
  for (std::uint8_t number = 1; number < wire::reason_count; ++number) {
    const auto error = error_from(wire::reason_from(number));
    EXPECT_EQ(error.category(), gof_category()) << int{number};
    EXPECT_EQ(error.message().find("gof error"), std::string::npos) << int{number};
  }
}

TEST(Error, what_an_acceptor_may_say_comes_back_as_itself) {
  for (const auto why :
       {errc::unknown_service, errc::not_allowed, errc::withdrawn, errc::target_refused, errc::target_unknown,
        errc::target_timeout, errc::target_failed, errc::busy, errc::version, errc::protocol, errc::reset,
        errc::shut_down, errc::wrong_identity, errc::loop})
    EXPECT_EQ(error_from(reason_from(why)), why) << make_error_code(why).message();
}

TEST(Error, all_have_words_of_their_own) {
  std::set<std::string> words;
  for (int value = 1; value <= static_cast<int>(errc::loop); ++value)
    words.insert(make_error_code(static_cast<errc>(value)).message());
  EXPECT_EQ(words.size(), static_cast<std::size_t>(errc::loop));
}

TEST(Error, compares_with_the_standards_conditions) {
  namespace generic = boost::system::errc;
  EXPECT_EQ(make_error_code(errc::reset), generic::connection_reset);
  EXPECT_EQ(make_error_code(errc::target_refused), generic::connection_refused);
  EXPECT_EQ(make_error_code(errc::timed_out), generic::timed_out);
  EXPECT_NE(make_error_code(errc::busy), generic::timed_out);
}

}  // namespace gof::net
