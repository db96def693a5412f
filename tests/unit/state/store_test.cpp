#include "state/store.hpp"

#include "state/support.hpp"

namespace gof::state {
namespace {

class Store : public test::in_a_folder {
 protected:
  test::seeded_random random_{9};
};

TEST_F(Store, keeps_everything_over_a_restart) {
  const auto where = folder::standard(path_.c_str(), nullptr);
  auto first = store::in(where);
  const auto id = first.identity(random_);
  ASSERT_TRUE(id);
  EXPECT_EQ(*first.network_key(), std::nullopt);
  const auto mesh = first.network_key_or_new(random_);
  ASSERT_TRUE(mesh);
  EXPECT_TRUE(*first.keep_port(40001));
  const auto granted = first.grants().find_or_create({{"ssh", "localhost:22"}}, random_);
  ASSERT_TRUE(granted);

  auto second = store::in(where);
  EXPECT_EQ(second.identity(random_)->id(), id->id());
  EXPECT_EQ(*second.network_key_or_new(random_), *mesh);
  EXPECT_EQ(*second.port(), std::uint16_t{40001});
  EXPECT_EQ(*second.grants().find_or_create({{"ssh", "localhost:22"}}, random_), *granted);
}

TEST_F(Store, keeps_everything_beside_a_named_key) {
  auto named = store::in(folder::of_key_file(at("mine")));
  ASSERT_TRUE(named.identity(random_));
  ASSERT_TRUE(named.network_key_or_new(random_));
  ASSERT_TRUE(named.keep_port(1234));
  ASSERT_TRUE(named.grants().find_or_create({{"ssh", "localhost:22"}}, random_));
  EXPECT_EQ(names(), (std::set<std::string>{"grants", "grants.lock", "mine", "network-key", "port"}));
}

TEST_F(Store, in_memory_stays_the_same_while_it_lives_and_differs_from_the_next) {
  auto first = store::in_memory();
  const auto id = first.identity(random_)->id();
  EXPECT_EQ(first.identity(random_)->id(), id);
  EXPECT_EQ(*first.network_key(), std::nullopt);
  const auto mesh = *first.network_key_or_new(random_);
  EXPECT_EQ(*first.network_key_or_new(random_), mesh);
  EXPECT_EQ(*first.network_key(), mesh);
  EXPECT_TRUE(*first.keep_port(1234));
  EXPECT_EQ(*first.port(), std::uint16_t{1234});

  auto second = store::in_memory();
  EXPECT_NE(second.identity(random_)->id(), id);
  EXPECT_FALSE(*second.network_key_or_new(random_) == mesh);
  EXPECT_EQ(*second.port(), std::nullopt);
}

TEST_F(Store, keeps_a_joined_key_on_disk_and_in_memory_alike) {
  using outcome = joined_key::outcome;
  const secure::secret32 one(bytes(32, 1)), two(bytes(32, 2));
  for (auto kept : {store::in(folder::standard(path_.c_str(), nullptr)), store::in_memory()}) {
    const auto made = *kept.network_key_or_new(random_);
    const auto first = kept.keep_joined(one);
    ASSERT_TRUE(first) << first.error().what;
    EXPECT_EQ(first->what, outcome::replaced);
    EXPECT_EQ(first->other, made);
    EXPECT_EQ(kept.keep_joined(one)->what, outcome::same);
    EXPECT_EQ(kept.keep_joined(two)->what, outcome::refused);
    EXPECT_EQ(kept.network_key_or_new(random_)->key, one);
    EXPECT_EQ((*kept.network_key())->from, network_key::origin::join_ticket);
  }
  auto fresh = store::in_memory();
  EXPECT_EQ(fresh.keep_joined(one)->what, outcome::kept);
}

}  // namespace
}  // namespace gof::state
