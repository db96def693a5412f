#include "cli/output/serve_text.hpp"

#include "net/system_random.hpp"

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

}  // namespace
}  // namespace gof::cli
