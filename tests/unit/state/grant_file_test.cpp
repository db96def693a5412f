#include "state/grant_file.hpp"

#include "state/file_lock.hpp"
#include "state/support.hpp"

#include <gmock/gmock.h>

#include <barrier>
#include <thread>

namespace gof::state {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::vector<granted_service> ssh = {{"ssh", "localhost:22"}};
const std::vector<granted_service> web = {{"web", "localhost:80"}};

class GrantFile : public test::in_a_folder {
 protected:
  test::seeded_random random_{5};
};

TEST_F(GrantFile, gives_the_same_grant_for_the_same_services_after_a_restart) {
  const auto first = grant_file(at("grants")).find_or_create(ssh, random_);
  ASSERT_TRUE(first);
  const auto second = grant_file(at("grants")).find_or_create(ssh, random_);
  ASSERT_TRUE(second);
  EXPECT_EQ(*second, *first);
  EXPECT_EQ(mode(at("grants")), 0600u);
  EXPECT_EQ(names(), (std::set<std::string>{"grants", "grants.lock"}));
}

TEST_F(GrantFile, remembers_the_ticket_printed) {
  grant_file file(at("grants"));
  const auto id = file.find_or_create(ssh, random_)->id;
  ASSERT_TRUE(file.remember_ticket(id, "gof1abc"));
  const auto again = grant_file(at("grants")).find_or_create(ssh, random_);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->last_ticket, "gof1abc");
}

TEST_F(GrantFile, does_not_write_what_it_holds_already) {
  grant_file file(at("grants"));
  const auto id = file.find_or_create(ssh, random_)->id;
  ASSERT_TRUE(file.remember_ticket(id, "gof1abc"));
  const test::full_disk full(0);
  EXPECT_TRUE(grant_file(at("grants")).find_or_create(ssh, random_));
  EXPECT_TRUE(file.remember_ticket(id, "gof1abc"));
}

TEST_F(GrantFile, tells_a_running_node_what_another_process_changed) {
  grant_file serving(at("grants"));
  const auto id = serving.find_or_create(ssh, random_)->id;
  EXPECT_FALSE(*serving.reload());

  grant_file command(at("grants"));
  ASSERT_TRUE(command.reload());
  const auto next = command.replace(id, random_);
  ASSERT_TRUE(next);

  EXPECT_TRUE(*serving.reload());
  EXPECT_FALSE(*serving.reload());
  EXPECT_EQ(serving.book().find(id), nullptr);
  EXPECT_TRUE(serving.book().is_withdrawn(id));
  ASSERT_NE(serving.book().find(next->id), nullptr);
  EXPECT_EQ(*serving.book().find(next->id), *next);
}

TEST_F(GrantFile, replaces_a_grant_once_only) {
  grant_file file(at("grants"));
  const auto id = file.find_or_create(ssh, random_)->id;
  ASSERT_TRUE(file.replace(id, random_));
  EXPECT_FALSE(file.replace(id, random_));
  EXPECT_FALSE(file.remember_ticket(id, "gof1abc"));
}

TEST_F(GrantFile, loses_no_change_of_many_processes_at_once) {
  constexpr int many = 8;
  std::vector<std::thread> threads;
  std::barrier start(many);
  for (int i = 0; i < many; ++i)
    threads.emplace_back([&, i] {
      test::seeded_random random(static_cast<std::uint64_t>(i));
      grant_file file(at("grants"));
      start.arrive_and_wait();
      EXPECT_TRUE(file.find_or_create({{"s" + std::to_string(i), "localhost:1"}}, random));
      EXPECT_TRUE(file.find_or_create(ssh, random));
    });
  for (auto& thread : threads) thread.join();
  grant_file file(at("grants"));
  ASSERT_TRUE(file.reload());
  EXPECT_EQ(file.book().grants().size(), many + 1u);
}

TEST_F(GrantFile, is_a_problem_with_path_and_line_when_corrupt_and_keeps_what_it_held) {
  grant_file file(at("grants"));
  const auto id = file.find_or_create(ssh, random_)->id;
  write(at("grants"), "gof-grants-1\nnonsense\nend\n");
  for (const auto& what : {file.reload().error().what, file.find_or_create(web, random_).error().what,
                           file.replace(id, random_).error().what}) {
    EXPECT_THAT(what, AllOf(HasSubstr("grants file '" + at("grants").string() + "': line 2: "),
                            HasSubstr("put a copy of it back")));
  }
  EXPECT_NE(file.book().find(id), nullptr);
  EXPECT_EQ(read(at("grants")), "gof-grants-1\nnonsense\nend\n");
}

TEST_F(GrantFile, is_a_problem_when_others_can_read_it) {
  ASSERT_TRUE(grant_file(at("grants")).find_or_create(ssh, random_));
  ASSERT_EQ(::chmod(at("grants").c_str(), 0644), 0);
  EXPECT_THAT(grant_file(at("grants")).find_or_create(ssh, random_).error().what, HasSubstr("chmod 600"));
}

TEST_F(GrantFile, stays_as_it_was_when_the_disk_is_full) {
  grant_file file(at("grants"));
  const auto id = file.find_or_create(ssh, random_)->id;
  const auto before = read(at("grants"));
  {
    const test::full_disk full(before.size() / 2);
    EXPECT_THAT(file.find_or_create(web, random_).error().what, HasSubstr("cannot be written"));
    EXPECT_FALSE(file.replace(id, random_));
  }
  EXPECT_EQ(read(at("grants")), before);
  EXPECT_EQ(names(), (std::set<std::string>{"grants", "grants.lock"}));
  EXPECT_NE(file.book().find(id), nullptr);
  EXPECT_EQ(file.book().grants().size(), 1u);
  EXPECT_TRUE(file.find_or_create(web, random_)) << "once the disk has room";
}

TEST_F(GrantFile, grants_nothing_once_the_file_is_gone) {
  grant_file file(at("grants"));
  const auto id = file.find_or_create(ssh, random_)->id;
  std::filesystem::remove(at("grants"));
  EXPECT_TRUE(*file.reload());
  EXPECT_EQ(file.book().find(id), nullptr);
}

TEST_F(GrantFile, keeps_all_in_memory_without_a_path) {
  grant_file file(std::nullopt);
  const auto first = file.find_or_create(ssh, random_);
  ASSERT_TRUE(first);
  EXPECT_EQ(*file.find_or_create(ssh, random_), *first);
  EXPECT_TRUE(file.replace(first->id, random_));
  EXPECT_TRUE(file.book().is_withdrawn(first->id));
  EXPECT_FALSE(*file.reload());
  EXPECT_EQ(file.book().grants().size(), 1u);
}

TEST_F(GrantFile, lock_held_by_another_is_a_problem_that_names_it) {
  const auto held = file_lock::take(at("grants.lock"));
  ASSERT_TRUE(held);
  const auto second = file_lock::take(at("grants.lock"), std::chrono::milliseconds(1));
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().what, HasSubstr("'" + at("grants.lock").string() + "': another process"));
}

TEST_F(GrantFile, lock_is_free_again_once_let_go) {
  { ASSERT_TRUE(file_lock::take(at("grants.lock"))); }
  EXPECT_TRUE(file_lock::take(at("grants.lock"), std::chrono::milliseconds(0)));
}

}  // namespace
}  // namespace gof::state
