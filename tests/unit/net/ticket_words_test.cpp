#include "net/ticket_words.hpp"

#include <gtest/gtest.h>

#include <set>

namespace gof::net {
namespace {

using code = wire::ticket_error::code;

TEST(TicketWords, send_a_ticket_of_the_other_kind_to_where_it_belongs) {
  EXPECT_EQ(words_of({code::join_ticket}).what,
            "this is a join ticket, which makes members of a mesh: it belongs behind --join; a service "
            "ticket, which gof serve prints, is wanted here");
  EXPECT_EQ(words_of({code::service_ticket}).what,
            "this is a service ticket, which opens services: it is for gof forward; a join ticket, which gof "
            "relay prints, is wanted here");
}

TEST(TicketWords, name_what_only_a_newer_gof_knows) {
  EXPECT_EQ(words_of({code::newer_format, 2}).what,
            "the ticket is of format 2, this gof knows format 1; a newer gof is needed");
  EXPECT_EQ(words_of({code::newer_kind, 9}).what,
            "the ticket is of kind 9, this gof knows service and join tickets; a newer gof is needed");
}

TEST(TicketWords, name_the_limit) {
  EXPECT_EQ(words_of({code::too_long}).what, "a ticket is never longer than 16384 characters");
}

TEST(TicketWords, say_of_each_error_something_of_its_own) {
  std::set<std::string> all;
  for (int one = 0; one <= static_cast<int>(code::service_ticket); ++one) {
    const auto words = words_of({static_cast<code>(one)}).what;
    EXPECT_FALSE(words.empty()) << one;
    EXPECT_TRUE(all.insert(words).second) << words;
  }
}

}  // namespace
}  // namespace gof::net
