#include "forward/access.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace gof::forward {
namespace {

access::grant_id grant_numbered(std::uint8_t number) {
  access::grant_id grant{};
  grant[0] = number;
  return grant;
}

access::token token_numbered(std::uint8_t number) {
  access::token token{};
  token[31] = number;
  return token;
}

class book final : public access {
 public:
  std::optional<known> find(const grant_id& grant) const override {
    const auto found = grants.find(grant);
    return found == grants.end() ? std::nullopt : std::optional(found->second);
  }
  bool is_withdrawn(const grant_id& grant) const override { return withdrawn.contains(grant); }

  std::map<grant_id, known> grants;
  std::set<grant_id> withdrawn;
};

class Access : public ::testing::Test {
 protected:
  Access() {
    grants.grants[ssh_grant] = {token_numbered(1), {{"ssh", "localhost:22"}}};
    grants.grants[old_grant] = {token_numbered(2), {{"ssh", "localhost:2022"}, {"db", "localhost:5432"}}};
    grants.withdrawn.insert(gone_grant);
  }

  std::optional<errc> asked(const std::string& service, std::optional<access::grant_id> grant,
                            const access::token& held) {
    return decide(grants, here, {service, grant, [&](const auto& token) { return token == held; }}).refused;
  }

  const access::grant_id ssh_grant = grant_numbered(1);
  const access::grant_id old_grant = grant_numbered(2);
  const access::grant_id gone_grant = grant_numbered(3);
  const std::vector<access::offer> here{{"ssh", "localhost:22"}, {"web", "localhost:80"}};
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

}  // namespace
}  // namespace gof::forward
