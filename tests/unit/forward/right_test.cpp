#include "forward/right.hpp"

#include "book.hpp"

#include <gtest/gtest.h>

namespace gof::forward {
namespace {

const gof::peer one{{1}};
const gof::peer other{{2}};

TEST(Right, is_read_back_from_its_label) {
  const right by_grant{access::grant_id{1, 2, 3}, {}, {}};
  EXPECT_EQ(right::of(by_grant.label()), by_grant);
  for (const auto* service : {"ssh", "", "a-service-with-a-long-name"}) {
    const right by_peer{std::nullopt, one, service};
    EXPECT_EQ(right::of(by_peer.label()), by_peer) << service;
  }
}

TEST(Right, has_one_label_for_all_holders_of_a_grant_and_one_for_each_peer_and_service) {
  const access::grant_id grant{1};
  EXPECT_EQ((right{grant, one, "ssh"}.label()), (right{grant, other, "web"}.label()));
  EXPECT_NE((right{std::nullopt, one, "ssh"}.label()), (right{std::nullopt, other, "ssh"}.label()));
  EXPECT_NE((right{std::nullopt, one, "ssh"}.label()), (right{std::nullopt, one, "web"}.label()));
}

TEST(Right, of_a_label_that_is_none_counts_nothing) {
  book rights;
  rights.allowed = {{one, "ssh"}};
  for (const auto* label : {"", "x", "g", "p"}) EXPECT_FALSE(right::of(label).counts(rights)) << label;
}

TEST(Right, counts_while_the_book_has_it) {
  book rights;
  const access::grant_id grant{1};
  rights.grants[grant] = {};
  rights.allowed = {{one, "ssh"}};
  EXPECT_TRUE((right{grant, other, "web"}.counts(rights)));
  EXPECT_TRUE((right{std::nullopt, one, "ssh"}.counts(rights)));
  EXPECT_FALSE((right{std::nullopt, one, "web"}.counts(rights)));
  rights.grants.clear();
  rights.allowed.clear();
  EXPECT_FALSE((right{grant, other, "web"}.counts(rights)));
  EXPECT_FALSE((right{std::nullopt, one, "ssh"}.counts(rights)));
}

}  // namespace
}  // namespace gof::forward
