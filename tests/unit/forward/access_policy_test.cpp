#include "book.hpp"

#include <gtest/gtest.h>

namespace gof::forward {
namespace {

access_policy::grant_id grant_numbered(std::uint8_t number) {
  access_policy::grant_id grant{};
  grant[0] = number;
  return grant;
}

access_policy::token token_numbered(std::uint8_t number) {
  access_policy::token token{};
  token[31] = number;
  return token;
}

class Access : public ::testing::Test {
 protected:
  Access() {
    grants.grants[ssh_grant] = {token_numbered(1), {{"ssh", "localhost:22"}}};
    grants.grants[old_grant] = {token_numbered(2), {{"ssh", "localhost:2022"}, {"db", "localhost:5432"}}};
    grants.withdrawn.insert(gone_grant);
    grants.allowed = {{friendly, "web"}, {friendly, "db"}};
  }

  std::optional<errc> asked(const std::string& service, std::optional<access_policy::grant_id> grant,
                            const access_policy::token& held) {
    return judged(stranger, service, grant, held).refused;
  }
  decision judged(const gof::peer& who, const std::string& service,
                  std::optional<access_policy::grant_id> grant = {}, const access_policy::token& held = {}) {
    return decide(grants, here, {who, service, grant, [&](const auto& token) { return token == held; }});
  }

  const access_policy::grant_id ssh_grant = grant_numbered(1);
  const access_policy::grant_id old_grant = grant_numbered(2);
  const access_policy::grant_id gone_grant = grant_numbered(3);
  const gof::peer friendly{{1}};
  const gof::peer stranger{{2}};
  const std::vector<access_policy::offer> here{{"ssh", "localhost:22"}, {"web", "localhost:80"}};
  book grants;
};

TEST_F(Access, is_given_to_who_holds_the_token_of_a_grant_for_the_service) {
  EXPECT_EQ(asked("ssh", ssh_grant, token_numbered(1)), std::nullopt);
}

TEST_F(Access, is_denied_without_a_grant) {
  EXPECT_EQ(asked("ssh", std::nullopt, token_numbered(1)), errc::not_allowed);
}

TEST_F(Access, is_denied_to_a_grant_that_is_not_known) {
  EXPECT_EQ(asked("ssh", grant_numbered(9), token_numbered(1)), errc::not_allowed);
}

TEST_F(Access, is_denied_to_who_knows_only_the_name_of_a_grant) {
  EXPECT_EQ(asked("ssh", ssh_grant, token_numbered(2)), errc::not_allowed);
}

TEST_F(Access, is_denied_when_the_grant_is_for_other_services_whether_or_not_the_one_asked_for_is_here) {
  EXPECT_EQ(asked("web", ssh_grant, token_numbered(1)), errc::not_allowed);
  EXPECT_EQ(asked("nothing", ssh_grant, token_numbered(1)), errc::not_allowed);
}

TEST_F(Access, says_withdrawn_for_a_withdrawn_grant_whatever_is_asked) {
  EXPECT_EQ(asked("ssh", gone_grant, token_numbered(1)), errc::withdrawn);
  EXPECT_EQ(asked("nothing", gone_grant, {}), errc::withdrawn);
}

TEST_F(Access, says_unknown_service_when_the_grant_has_it_but_this_node_does_not) {
  EXPECT_EQ(asked("db", old_grant, token_numbered(2)), errc::unknown_service);
}

TEST_F(Access, does_not_reach_another_target_that_has_the_name_of_the_granted_one) {
  EXPECT_EQ(asked("ssh", old_grant, token_numbered(2)), errc::unknown_service);
}

TEST_F(Access, is_given_to_a_peer_that_is_allowed_without_a_ticket) {
  const auto decided = judged(friendly, "web");
  EXPECT_EQ(decided.refused, std::nullopt);
  EXPECT_TRUE(decided.as_peer);
  EXPECT_EQ(judged(friendly, "ssh").refused, errc::not_allowed);
  EXPECT_EQ(judged(stranger, "web").refused, errc::not_allowed);
}

TEST_F(Access, tells_no_peer_without_a_ticket_what_is_served) {
  for (const auto* service : {"db", "ssh", "nothing"}) {
    const auto decided = judged(friendly, service);
    EXPECT_EQ(decided.refused, errc::not_allowed) << service;
    EXPECT_EQ(decided.why, "without a ticket") << service;
  }
}

TEST_F(Access, of_a_peer_that_is_allowed_is_not_lost_by_a_ticket_that_does_not_do) {
  for (const auto& grant : {ssh_grant, old_grant, gone_grant, grant_numbered(9)}) {
    const auto decided = judged(friendly, "web", grant, token_numbered(1));
    EXPECT_EQ(decided.refused, std::nullopt);
    EXPECT_TRUE(decided.as_peer);
  }
  EXPECT_EQ(judged(friendly, "ssh", gone_grant).refused, errc::withdrawn);
}

TEST_F(Access, by_a_grant_is_held_by_that_grant_though_the_peer_is_allowed_too) {
  grants.allowed.insert({friendly, "ssh"});
  EXPECT_FALSE(judged(friendly, "ssh", ssh_grant, token_numbered(1)).as_peer);
}

}  // namespace
}  // namespace gof::forward
