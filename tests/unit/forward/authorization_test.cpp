#include "forward/authorization.hpp"

#include "book.hpp"

#include <gtest/gtest.h>

namespace gof::forward {
namespace {

const gof::peer one{{1}};
const gof::peer other{{2}};

TEST(Authorization, is_read_back_from_its_label) {
  const authorization by_grant{access_policy::grant_id{1, 2, 3}, {}, {}};
  EXPECT_EQ(authorization::of(by_grant.label()), by_grant);
  for (const auto* service : {"ssh", "", "a-service-with-a-long-name"}) {
    const authorization by_peer{std::nullopt, one, service};
    EXPECT_EQ(authorization::of(by_peer.label()), by_peer) << service;
  }
}

TEST(Authorization, has_one_label_for_all_holders_of_a_grant_and_one_for_each_peer_and_service) {
  const access_policy::grant_id grant{1};
  EXPECT_EQ((authorization{grant, one, "ssh"}.label()), (authorization{grant, other, "web"}.label()));
  EXPECT_NE((authorization{std::nullopt, one, "ssh"}.label()),
            (authorization{std::nullopt, other, "ssh"}.label()));
  EXPECT_NE((authorization{std::nullopt, one, "ssh"}.label()),
            (authorization{std::nullopt, one, "web"}.label()));
}

TEST(Authorization, of_a_label_that_is_none_counts_nothing) {
  book rights;
  rights.allowed = {{one, "ssh"}};
  for (const auto* label : {"", "x", "g", "p"})
    EXPECT_FALSE(authorization::of(label).is_valid(rights)) << label;
}

TEST(Authorization, counts_while_the_book_has_it) {
  book rights;
  const access_policy::grant_id grant{1};
  rights.grants[grant] = {};
  rights.allowed = {{one, "ssh"}};
  EXPECT_TRUE((authorization{grant, other, "web"}.is_valid(rights)));
  EXPECT_TRUE((authorization{std::nullopt, one, "ssh"}.is_valid(rights)));
  EXPECT_FALSE((authorization{std::nullopt, one, "web"}.is_valid(rights)));
  rights.grants.clear();
  rights.allowed.clear();
  EXPECT_FALSE((authorization{grant, other, "web"}.is_valid(rights)));
  EXPECT_FALSE((authorization{std::nullopt, one, "ssh"}.is_valid(rights)));
}

}  // namespace
}  // namespace gof::forward
