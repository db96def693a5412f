#include "state/folder.hpp"

#include "state/support.hpp"

#include <gmock/gmock.h>

namespace gof::state {
namespace {

using testing::HasSubstr;
class Folder : public test::in_a_folder {};

TEST_F(Folder, stands_in_xdg_state_home_when_it_is_set) {
  const auto found = folder::standard("/x/state", "/home/a");
  EXPECT_EQ(found.path(), "/x/state/gof");
  EXPECT_EQ(found.key(), "/x/state/gof/key");
  EXPECT_EQ(found.network_key(), "/x/state/gof/network-key");
  EXPECT_EQ(found.port(), "/x/state/gof/port");
  EXPECT_EQ(found.grants(), "/x/state/gof/grants");
}

TEST_F(Folder, stands_in_home_when_xdg_does_not_count) {
  EXPECT_EQ(folder::standard(nullptr, "/home/a").path(), "/home/a/.local/state/gof");
  EXPECT_EQ(folder::standard("", "/home/a").path(), "/home/a/.local/state/gof");
  EXPECT_EQ(folder::standard("relative", "/home/a").path(), "/home/a/.local/state/gof");
}

TEST_F(Folder, stands_in_var_lib_without_a_home) {
  EXPECT_EQ(folder::standard(nullptr, nullptr).path(), "/var/lib/gof");
  EXPECT_EQ(folder::standard("", "").path(), "/var/lib/gof");
}

TEST_F(Folder, is_that_of_a_named_key_file) {
  EXPECT_EQ(folder::of_key_file("/a/b/mine").grants(), "/a/b/grants");
  EXPECT_EQ(folder::of_key_file("/a/b/mine").key(), "/a/b/mine");
  EXPECT_EQ(folder::of_key_file("mine").grants(), "./grants");
  EXPECT_EQ(folder::of_key_file("/mine").grants(), "/grants");
}

TEST_F(Folder, is_made_for_its_owner_alone_with_what_is_missing_above) {
  const auto where = folder::standard(nullptr, path_.c_str());
  ASSERT_TRUE(where.make());
  ASSERT_TRUE(where.make()) << "it may exist already";
  EXPECT_EQ(mode(at(".local/state/gof")), 0700u);
  EXPECT_EQ(mode(at(".local")), 0700u);
}

TEST_F(Folder, is_a_problem_when_a_file_stands_there) {
  write(at("gof"), "x");
  const auto made = folder::standard(path_.c_str(), nullptr).make();
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().what, HasSubstr("'" + at("gof").string() + "': is not a folder"));
}

TEST_F(Folder, is_a_problem_when_a_dangling_link_stands_there) {
  std::filesystem::create_symlink(at("nowhere"), at("gof"));
  const auto made = folder::standard(path_.c_str(), nullptr).make();
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().what, HasSubstr("symbolic link to nothing"));
  EXPECT_FALSE(std::filesystem::exists(at("nowhere")));
}

TEST_F(Folder, of_a_named_key_is_not_made) {
  const auto made = folder::of_key_file(at("typo/key")).make();
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().what, HasSubstr("'" + at("typo").string() + "'"));
  EXPECT_FALSE(std::filesystem::exists(at("typo")));
}

}  // namespace
}  // namespace gof::state
