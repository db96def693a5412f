#include "state/grant_book.hpp"

#include "state/support.hpp"
#include "wire/ticket.hpp"

#include <gmock/gmock.h>

namespace gof::state {
namespace {

using testing::HasSubstr;
using services = std::vector<granted_service>;

const services ssh = {{"ssh", "localhost:22"}};
const services web = {{"web", "localhost:80"}};
const services both = {{"web", "localhost:80"}, {"ssh", "localhost:22"}};

/// A book with every kind of content.
grant_book full_book(random_source& random) {
  grant_book book;
  const auto first = book.create(ssh, random)->id;
  book.create(both, random);
  book.create({{"sock", "unix:/run/a b=c.sock"}}, random);
  book.remember_ticket(book.replace(first, random).id, "gof1abc234");
  return book;
}

TEST(GrantBook, finds_a_grant_by_its_services_in_any_order) {
  test::seeded_random random(1);
  grant_book book;
  const auto made = book.create(both, random);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->services.front().name, "ssh");
  ASSERT_NE(book.find(services{both[1], both[0]}), nullptr);
  EXPECT_EQ(book.find(services{both[1], both[0]})->id, made->id);
  EXPECT_EQ(book.find(ssh), nullptr);
  EXPECT_EQ(book.find(services{{"ssh", "localhost:22"}, {"web", "localhost:81"}}), nullptr);
}

TEST(GrantBook, replaces_a_grant_by_another_of_the_same_services) {
  test::seeded_random random(1);
  grant_book book;
  const auto before = *book.create(ssh, random);
  book.remember_ticket(before.id, "gof1aaaa");
  const auto after = book.replace(before.id, random);
  EXPECT_NE(after.id, before.id);
  EXPECT_FALSE(after.token == before.token);
  EXPECT_EQ(after.services, before.services);
  EXPECT_EQ(after.last_ticket, "");
  EXPECT_TRUE(book.is_withdrawn(before.id));
  EXPECT_FALSE(book.is_withdrawn(after.id));
  EXPECT_EQ(book.find(before.id), nullptr);
  EXPECT_EQ(book.grants().size(), 1u);
}

TEST(GrantBook, forgets_the_oldest_withdrawn_beyond_its_cap) {
  test::seeded_random random(1);
  grant_book book;
  const auto first = book.create(ssh, random)->id;
  auto second = book.replace(first, random).id;
  auto id = second;
  for (std::size_t i = 1; i < grant_book::most_withdrawn; ++i) id = book.replace(id, random).id;
  EXPECT_TRUE(book.is_withdrawn(first));
  id = book.replace(id, random).id;
  EXPECT_FALSE(book.is_withdrawn(first));
  EXPECT_TRUE(book.is_withdrawn(second));
  EXPECT_EQ(book.find(first), nullptr) << "it is refused even when forgotten";
  EXPECT_EQ(book.withdrawn().size(), grant_book::most_withdrawn);
}

TEST(GrantBook, takes_no_more_than_its_caps) {
  test::seeded_random random(1);
  grant_book book;
  EXPECT_FALSE(book.create({}, random));
  EXPECT_FALSE(book.create(services(65, ssh[0]), random));
  for (std::size_t i = 0; i < grant_book::most_grants; ++i)
    ASSERT_TRUE(book.create({{"s" + std::to_string(i), "localhost:1"}}, random));
  const auto more = book.create(ssh, random);
  ASSERT_FALSE(more);
  EXPECT_THAT(more.error().what, HasSubstr("256 tickets already"));
}

TEST(GrantBook, reads_what_it_writes) {
  test::seeded_random random(3);
  for (const auto& book : {grant_book(), full_book(random)}) {
    const auto read = grant_book::parse(book.text().view());
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(*read, book);
  }
}

TEST(GrantBook, reads_what_it_writes_at_its_caps_within_its_longest_file) {
  test::seeded_random random(3);
  grant_book book;
  for (std::size_t i = 0; i < grant_book::most_grants; ++i) {
    services most;
    for (std::size_t s = 0; s < grant_book::most_services; ++s) {
      const auto name = std::to_string(i * 100 + s + 100000);
      most.push_back(
          {name + std::string(63 - name.size(), 'x'), std::string(grant_book::longest_target, 'x')});
    }
    const auto id = book.create(most, random)->id;
    book.remember_ticket(id, "gof1" + std::string(wire::ticket::longest_text - 4, 'a'));
  }
  auto id = book.grants().front().id;
  for (std::size_t i = 0; i < grant_book::most_withdrawn; ++i) id = book.replace(id, random).id;
  const auto text = book.text();
  EXPECT_LE(text.view().size(), grant_book::longest_file);
  const auto read = grant_book::parse(text.view());
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(*read, book);
}

TEST(GrantBook, reads_no_file_that_is_cut) {
  test::seeded_random random(3);
  const auto text = full_book(random).text();
  for (std::size_t size = 0; size < text.view().size(); ++size) {
    const auto read = grant_book::parse(text.view().substr(0, size));
    ASSERT_FALSE(read) << size;
    EXPECT_THAT(read.error().what, testing::StartsWith("line "));
  }
}

TEST(GrantBook, survives_any_change_of_its_text) {
  const auto seed = testing::UnitTest::GetInstance()->random_seed() + 1;
  SCOPED_TRACE("seed " + std::to_string(seed));
  test::seeded_random random(static_cast<std::uint64_t>(seed));
  const std::string good(full_book(random).text().view());
  for (int i = 0; i < 5000; ++i) {
    auto text = good;
    for (auto changes = random.number() % 3 + 1; changes-- > 0;) {
      const auto at = random.number() % text.size();
      switch (random.number() % 4) {
        case 0: text[at] = static_cast<char>(random.number()); break;
        case 1: text.insert(at, 1, " \n\0a"[random.number() % 4]); break;
        case 2: text.erase(at, random.number() % 80); break;
        default: text.insert(at, good.substr(random.number() % good.size(), random.number() % 80));
      }
      if (text.empty()) text = "\n";
    }
    const auto read = grant_book::parse(text);
    if (!read) continue;
    const auto again = grant_book::parse(read->text().view());
    ASSERT_TRUE(again) << text;
    EXPECT_EQ(*again, *read);
  }
}

TEST(GrantBook, names_the_line_that_is_wrong) {
  const std::string id(26, 'a');
  const std::string other = std::string(25, 'a') + 'e';
  const std::string token(52, 'a');
  const std::string grant = "grant " + id + " " + token + "\n";
  const std::string service = "service ssh localhost:22\n";
  const struct {
    std::string text;
    const char* what;
  } cases[] = {
      {"", "line 1: 'end' is missing"},
      {"end\n", "line 1: a grants file starts with"},
      {"gof-grants-2\nend\n", "line 1: a grants file starts with"},
      {"gof-grants-1\n", "line 2: 'end' is missing"},
      {"gof-grants-1\nend", "line 2: the file is cut here"},
      {"gof-grants-1\nend\n\n", "line 3: something stands behind 'end'"},
      {"gof-grants-1\n\nend\n", "line 2: no line starts so"},
      {"gof-grants-1\nend now\n", "line 2: 'end' stands alone"},
      {"gof-grants-1\nservice ssh x\nend\n", "line 2: 'service' stands behind its 'grant'"},
      {"gof-grants-1\nticket gof1a\nend\n", "line 2: 'ticket' stands once behind"},
      {"gof-grants-1\n" + grant + "end\n", "line 3: the grant before has no service"},
      {"gof-grants-1\n" + grant + "ticket gof1a\nend\n", "line 4: the grant before has no service"},
      {"gof-grants-1\ngrant " + id + "\nend\n", "line 2: 'grant' wants an id"},
      {"gof-grants-1\ngrant " + id + " " + token + "a\nend\n", "line 2: 'grant' wants an id"},
      {"gof-grants-1\n" + grant + "service SSH x\nend\n", "line 3: 'service' wants a name and a target"},
      {"gof-grants-1\n" + grant + "service ssh\nend\n", "line 3: 'service' wants a name and a target"},
      {"gof-grants-1\n" + grant + "service ssh \x01\nend\n", "line 3: 'service' wants a name and a target"},
      {"gof-grants-1\n" + grant + "service ssh " + std::string(301, 'x') + "\nend\n",
       "line 3: 'service' wants"},
      {"gof-grants-1\n" + grant + service + service + "end\n", "line 4: services stand by name, each once"},
      {"gof-grants-1\n" + grant + service + "service a x\nend\n", "line 4: services stand by name"},
      {"gof-grants-1\n" + grant + service + "ticket x\nend\n", "line 4: 'ticket' wants a ticket"},
      {"gof-grants-1\n" + grant + service + "ticket gof1a\nticket gof1a\nend\n",
       "line 5: 'ticket' stands once"},
      {"gof-grants-1\n" + grant + service + grant + service + "end\n",
       "line 4: this grant stands here twice"},
      {"gof-grants-1\n" + grant + service + "grant " + other + " " + token + "\n" + service + "end\n",
       "line 6: the grant before has the services of another"},
      {"gof-grants-1\nwithdrawn " + id + "\nwithdrawn " + id + "\nend\n",
       "line 3: this id stands here twice"},
      {"gof-grants-1\nwithdrawn x\nend\n", "line 2: 'withdrawn' wants an id"},
      {"gof-grants-1\nwithdrawn " + id + "\n" + grant + service + "end\n", "line 3: 'grant' stands before"},
      {"gof-grants-1\n" + grant + service + "withdrawn " + id + "\nend\n",
       "line 4: this id stands here twice"},
  };
  for (const auto& c : cases) {
    const auto read = grant_book::parse(c.text);
    ASSERT_FALSE(read) << c.text;
    EXPECT_THAT(read.error().what, testing::StartsWith(c.what)) << c.text;
  }
  EXPECT_TRUE(grant_book::parse("gof-grants-1\n" + grant + service + "ticket gof1a\nend\n"));
}

TEST(GrantBook, selects_the_grant_a_person_means) {
  test::seeded_random random(1);
  grant_book book;
  EXPECT_THAT(book.select({}).error().what, HasSubstr("there is no ticket yet"));
  const auto only = book.create(ssh, random)->id;
  EXPECT_EQ(*book.select({}), only);
  EXPECT_EQ(*book.select("ssh"), only);
  const auto pair = book.create(both, random)->id;
  EXPECT_EQ(*book.select("ssh"), only) << "the grant of ssh alone";
  EXPECT_EQ(*book.select("web"), pair) << "the only grant with web";
  EXPECT_EQ(*book.select("ssh,web"), pair);
  EXPECT_EQ(*book.select("web,ssh=localhost:22"), pair);
  EXPECT_THAT(book.select({}).error().what,
              testing::AllOf(HasSubstr("any of several"), HasSubstr("\n  ssh=localhost:22\n"),
                             HasSubstr("\n  ssh=localhost:22 web=localhost:80")));
  EXPECT_THAT(book.select("db").error().what, HasSubstr("no ticket is for 'db'"));
  EXPECT_THAT(book.select("").error().what, HasSubstr("no ticket is for ''"));
  EXPECT_FALSE(book.select("ssh,ssh"));
  const auto other = book.create({{"ssh", "other:22"}}, random)->id;
  EXPECT_THAT(book.select("ssh").error().what, HasSubstr("any of several"));
  EXPECT_EQ(*book.select("ssh=other:22"), other);
}

}  // namespace
}  // namespace gof::state
