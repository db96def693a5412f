#include "cli/serve_words.hpp"

#include "cli/exit_code.hpp"
#include "net/system_random.hpp"

#include <gof/error.hpp>

#include <gtest/gtest.h>

namespace gof::cli {
namespace {

TEST(PasteLine, gives_each_service_a_port_that_needs_no_privileges) {
  const std::vector<std::string> words{"ssh=22", "web=80", "mail=25", "db=db.lan:5432",
                                       "docker=/run/docker.sock"};
  const auto services = forward::service::parse(words);
  ASSERT_TRUE(services);
  EXPECT_EQ(paste_line("gof1abc", *services),
            "gof forward gof1abc 2222:ssh 8080:web 10025:mail 5432:db 0:docker");
}

TEST(ShowLine, names_the_services_only_where_there_are_several_tickets) {
  state::grant_book book;
  net::system_random random;
  const auto first = book.create({{"ssh", "localhost:22"}, {"web", "localhost:80"}}, random);
  ASSERT_TRUE(first);
  EXPECT_EQ(show_line(std::nullopt, book, *first), "gof ticket --show");
  EXPECT_EQ(show_line("/etc/gof/key", book, *first), "gof ticket --key '/etc/gof/key' --show");
  ASSERT_TRUE(book.create({{"db", "localhost:5432"}}, random));
  EXPECT_EQ(show_line(std::nullopt, book, *first), "gof ticket --show ssh,web");
}

TEST(ReachWords, warn_of_all_but_public_addresses) {
  EXPECT_EQ(reach_words(reach::anywhere), "");
  EXPECT_TRUE(reach_words(reach::network).starts_with("reachable only from this network; "));
  EXPECT_TRUE(reach_words(reach::machine).starts_with("reachable only from this machine; "));
  EXPECT_NE(reach_words(reach::nowhere), "");
}

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
}  // namespace gof::cli
