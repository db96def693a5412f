#include "state/network_key.hpp"

#include "state/support.hpp"

#include <gmock/gmock.h>

namespace gof::state {
namespace {

using test::full_disk;
using testing::HasSubstr;

class NetworkKey : public test::in_a_folder {
 protected:
  test::seeded_random random_{11};
};

TEST_F(NetworkKey, is_not_made_by_looking) {
  const auto found = load_network_key(at("network-key"));
  ASSERT_TRUE(found);
  EXPECT_FALSE(*found);
  EXPECT_EQ(names(), std::set<std::string>{});
}

TEST_F(NetworkKey, is_made_once_for_its_owner_alone_and_noted_as_made_here) {
  const auto made = load_or_create_network_key(at("network-key"), random_);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->from, network_key::origin::made_here);
  EXPECT_EQ(mode(at("network-key")), 0600u);
  const auto again = load_or_create_network_key(at("network-key"), random_);
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, *made);
  const auto named = load_named_network_key(at("network-key"));
  ASSERT_TRUE(named);
  EXPECT_EQ(*named, *made);
}

TEST_F(NetworkKey, keeps_the_note_that_a_join_ticket_brought_it) {
  ASSERT_TRUE(load_or_create_network_key(at("network-key"), random_));
  auto text = read(at("network-key"));
  text.replace(text.find("made-here"), 9, "join-ticket");
  write(at("network-key"), text);
  const auto found = load_named_network_key(at("network-key"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->from, network_key::origin::join_ticket);
}

TEST_F(NetworkKey, named_must_exist) {
  const auto found = load_named_network_key(at("typo"));
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().what,
              HasSubstr("network key file '" + at("typo").string() + "': there is no such file"));
}

TEST_F(NetworkKey, is_a_problem_and_untouched_when_corrupt) {
  ASSERT_TRUE(load_or_create_network_key(at("network-key"), random_));
  const auto good = read(at("network-key"));
  for (std::size_t i = 0; i + 1 < good.size(); ++i) {
    auto changed = good;
    changed[i] = changed[i] == 'a' ? 'b' : 'a';
    write(at("network-key"), changed);
    const auto found = load_or_create_network_key(at("network-key"), random_);
    ASSERT_FALSE(found) << changed;
    EXPECT_THAT(found.error().what, HasSubstr("put a copy of it back"));
    EXPECT_EQ(read(at("network-key")), changed);
  }
}

TEST_F(NetworkKey, is_a_problem_when_others_can_read_it) {
  ASSERT_TRUE(load_or_create_network_key(at("network-key"), random_));
  ASSERT_EQ(::chmod(at("network-key").c_str(), 0640), 0);
  EXPECT_FALSE(load_network_key(at("network-key")));
}

secure::secret32 key_of(std::uint8_t byte) {
  return secure::secret32(bytes(32, byte));
}

TEST_F(NetworkKey, of_a_join_ticket_is_kept_for_its_owner_alone_and_noted_as_such) {
  const auto joined = keep_joined_network_key(at("network-key"), key_of(1));
  ASSERT_TRUE(joined) << joined.error().what;
  EXPECT_EQ(joined->what, joined_key::outcome::kept);
  EXPECT_EQ(mode(at("network-key")), 0600u);
  const auto found = load_or_create_network_key(at("network-key"), random_);
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, (network_key{key_of(1), network_key::origin::join_ticket}));
}

TEST_F(NetworkKey, of_a_join_ticket_takes_the_place_of_one_made_here_and_tells_it) {
  const auto made = load_or_create_network_key(at("network-key"), random_);
  ASSERT_TRUE(made);
  const auto joined = keep_joined_network_key(at("network-key"), key_of(1));
  ASSERT_TRUE(joined) << joined.error().what;
  EXPECT_EQ(joined->what, joined_key::outcome::replaced);
  EXPECT_EQ(joined->other, *made);
  EXPECT_EQ(mode(at("network-key")), 0600u);
  EXPECT_EQ(**load_network_key(at("network-key")),
            (network_key{key_of(1), network_key::origin::join_ticket}));
}

TEST_F(NetworkKey, of_a_join_ticket_leaves_that_of_another_alone_and_tells_it) {
  ASSERT_TRUE(keep_joined_network_key(at("network-key"), key_of(1)));
  const auto before = read(at("network-key"));
  const auto joined = keep_joined_network_key(at("network-key"), key_of(2));
  ASSERT_TRUE(joined) << joined.error().what;
  EXPECT_EQ(joined->what, joined_key::outcome::refused);
  EXPECT_EQ(joined->other.key, key_of(1));
  EXPECT_EQ(read(at("network-key")), before);
}

TEST_F(NetworkKey, of_a_join_ticket_that_is_there_already_changes_nothing) {
  const auto made = load_or_create_network_key(at("network-key"), random_);
  ASSERT_TRUE(made);
  const auto before = read(at("network-key"));
  const auto joined = keep_joined_network_key(at("network-key"), made->key);
  ASSERT_TRUE(joined) << joined.error().what;
  EXPECT_EQ(joined->what, joined_key::outcome::same);
  EXPECT_EQ(read(at("network-key")), before) << "the key of one's own mesh is kept";
}

TEST_F(NetworkKey, of_a_join_ticket_does_not_overwrite_what_cannot_be_read) {
  write(at("network-key"), "damaged");
  EXPECT_FALSE(keep_joined_network_key(at("network-key"), key_of(1)));
  EXPECT_EQ(read(at("network-key")), "damaged");
}

TEST_F(NetworkKey, of_a_join_ticket_is_whole_or_not_there_when_the_disk_is_full) {
  const auto made = load_or_create_network_key(at("network-key"), random_);
  ASSERT_TRUE(made);
  {
    const full_disk full(10);
    EXPECT_FALSE(keep_joined_network_key(at("network-key"), key_of(1)));
    EXPECT_FALSE(keep_joined_network_key(at("another"), key_of(1)));
  }
  EXPECT_EQ(**load_network_key(at("network-key")), *made);
  EXPECT_FALSE(std::filesystem::exists(at("another")));
}

TEST_F(NetworkKey, is_no_identity) {
  write(at("network-key"), "gof-key-1 aaaa\n");
  EXPECT_FALSE(load_network_key(at("network-key")));
}

}  // namespace
}  // namespace gof::state
