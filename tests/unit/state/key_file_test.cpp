#include "state/key_file.hpp"

#include "state/support.hpp"

#include <gmock/gmock.h>

#include <barrier>
#include <optional>
#include <thread>
#include <vector>

namespace gof::state {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class KeyFile : public test::in_a_folder {
 protected:
  /// The problem with loading `at("key")`, which must change nothing on disk.
  std::string problem_of_key() {
    const auto before = names();
    const auto found = load_or_create_key(at("key"), random_);
    EXPECT_FALSE(found);
    EXPECT_EQ(names(), before);
    return found ? "" : found.error().what;
  }

  test::seeded_random random_{7};
};

TEST_F(KeyFile, is_made_once_and_then_read) {
  const auto made = load_or_create_key(at("key"), random_);
  ASSERT_TRUE(made);
  const auto read = load_or_create_key(at("key"), random_);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->id(), made->id());
  EXPECT_FALSE(made->id().is_zero());
}

TEST_F(KeyFile, is_one_line_for_its_owner_alone_and_leaves_nothing_beside_it) {
  ASSERT_TRUE(load_or_create_key(at("key"), random_));
  EXPECT_EQ(mode(at("key")), 0600u);
  EXPECT_THAT(read(at("key")), testing::MatchesRegex("gof-key-1 [a-z2-7]+\n"));
  EXPECT_EQ(names(), std::set<std::string>{"key"});
}

TEST_F(KeyFile, is_for_its_owner_alone_whatever_the_umask) {
  const auto before = ::umask(0);
  const auto made = load_or_create_key(at("key"), random_);
  ::umask(before);
  ASSERT_TRUE(made);
  EXPECT_EQ(mode(at("key")), 0600u);
}

TEST_F(KeyFile, is_read_through_a_symbolic_link) {
  const auto made = load_or_create_key(at("real"), random_);
  std::filesystem::create_symlink(at("real"), at("key"));
  const auto read = load_or_create_key(at("key"), random_);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->id(), made->id());
}

TEST_F(KeyFile, is_one_for_all_who_start_at_once) {
  constexpr int rounds = 20;
  constexpr int many = 8;
  for (int round = 0; round < rounds; ++round) {
    const auto path = at("key-" + std::to_string(round));
    std::vector<std::optional<peer_id>> ids(many);
    std::barrier start(many);
    std::vector<std::thread> threads;
    for (int i = 0; i < many; ++i)
      threads.emplace_back([&, i] {
        test::seeded_random random(static_cast<std::uint64_t>(round * many + i));
        start.arrive_and_wait();
        const auto found = load_or_create_key(path, random);
        EXPECT_TRUE(found) << found.error().what;
        if (found) ids[i] = found->id();
      });
    for (auto& thread : threads) thread.join();
    for (const auto& id : ids) EXPECT_EQ(id, ids.front());
    ASSERT_TRUE(ids.front());
  }
  EXPECT_EQ(names().size(), rounds);
}

TEST_F(KeyFile, is_a_problem_with_a_cure_when_empty) {
  write(at("key"), "");
  EXPECT_THAT(problem_of_key(),
              AllOf(HasSubstr("key file '" + at("key").string() + "': is empty"), HasSubstr("put a copy")));
  EXPECT_EQ(read(at("key")), "");
}

TEST_F(KeyFile, is_a_problem_and_untouched_when_corrupt) {
  ASSERT_TRUE(load_or_create_key(at("key"), random_));
  const std::string good = read(at("key"));
  std::vector<std::string> bad = {
      "x",         "\n",        std::string(40, '\0'),        "gof-key-1 \n", "gof-key-1",
      good + "\n", good + good, "gof-key-2" + good.substr(9), " " + good};
  for (std::size_t i = 0; i + 1 < good.size(); ++i) {
    bad.push_back(good.substr(0, i + 1 == good.size() - 1 ? i : i + 1));  // cut at any byte
    auto changed = good;
    changed[i] = changed[i] == 'a' ? 'b' : 'a';
    bad.push_back(changed);
  }
  for (const auto& text : bad) {
    write(at("key"), text);
    EXPECT_THAT(problem_of_key(), HasSubstr("put a copy of it back")) << text;
    EXPECT_EQ(read(at("key")), text);
  }
}

TEST_F(KeyFile, never_shows_in_a_problem) {
  ASSERT_TRUE(load_or_create_key(at("key"), random_));
  auto text = read(at("key"));
  text[20] = text[20] == 'a' ? 'b' : 'a';
  write(at("key"), text);
  EXPECT_THAT(problem_of_key(), testing::Not(HasSubstr(text.substr(30, 10))));
}

TEST_F(KeyFile, is_a_problem_when_others_can_read_it) {
  ASSERT_TRUE(load_or_create_key(at("key"), random_));
  for (const mode_t bad : {0640u, 0604u, 0644u, 0620u, 0602u, 0777u}) {
    ASSERT_EQ(::chmod(at("key").c_str(), bad), 0);
    EXPECT_THAT(problem_of_key(), HasSubstr("chmod 600 '" + at("key").string() + "'"));
  }
  ASSERT_EQ(::chmod(at("key").c_str(), 0400), 0);
  EXPECT_TRUE(load_or_create_key(at("key"), random_));
}

TEST_F(KeyFile, is_a_problem_when_a_folder_stands_there) {
  std::filesystem::create_directory(at("key"));
  EXPECT_THAT(problem_of_key(), HasSubstr("is a folder"));
}

TEST_F(KeyFile, is_a_problem_when_a_fifo_stands_there) {
  ASSERT_EQ(::mkfifo(at("key").c_str(), 0600), 0);
  EXPECT_THAT(problem_of_key(), HasSubstr("not a regular file"));
}

TEST_F(KeyFile, is_a_problem_when_a_dangling_link_stands_there) {
  std::filesystem::create_symlink(at("nowhere"), at("key"));
  EXPECT_THAT(problem_of_key(), HasSubstr("symbolic link to nothing"));
  EXPECT_FALSE(std::filesystem::exists(at("nowhere")));
}

TEST_F(KeyFile, is_a_problem_when_a_link_points_to_itself) {
  std::filesystem::create_symlink(at("key"), at("key"));
  EXPECT_THAT(problem_of_key(), HasSubstr("cannot be read"));
}

TEST_F(KeyFile, is_a_problem_when_huge) {
  write(at("key"), std::string(2000, 'x'));
  EXPECT_THAT(problem_of_key(), HasSubstr("larger than 1024 bytes"));
}

TEST_F(KeyFile, is_a_problem_when_its_folder_is_missing) {
  const auto found = load_or_create_key(at("typo/key"), random_);
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().what, HasSubstr("cannot be written: No such file or directory"));
}

TEST_F(KeyFile, leaves_no_partial_file_when_the_disk_is_full) {
  std::string what;
  {
    const test::full_disk full(20);
    what = problem_of_key();
  }
  EXPECT_THAT(what, HasSubstr("cannot be written"));
  EXPECT_EQ(names(), std::set<std::string>{});
  EXPECT_TRUE(load_or_create_key(at("key"), random_)) << "once the disk has room";
}

TEST_F(KeyFile, is_a_problem_when_this_user_may_not_read_it) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  ASSERT_TRUE(load_or_create_key(at("key"), random_));
  ASSERT_EQ(::chmod(at("key").c_str(), 0), 0);
  EXPECT_THAT(problem_of_key(), HasSubstr("cannot be read: Permission denied"));
}

}  // namespace
}  // namespace gof::state
