#include "forward/access_policy.hpp"

#include <algorithm>

namespace gof::forward {
namespace {

decision judge_grant(const access_policy& grants, const std::vector<access_policy::offer>& here,
                     const request& asked) {
  if (!asked.grant) return {errc::not_allowed, "without a ticket"};
  if (grants.is_withdrawn(*asked.grant)) return {errc::withdrawn, "with a ticket that was withdrawn"};
  const auto grant = grants.find(*asked.grant);
  if (!grant) return {errc::not_allowed, "with a ticket that was not made here"};
  if (!asked.proves(grant->token)) return {errc::not_allowed, "with a ticket's name but not its secret"};
  const auto named = std::find_if(grant->services.begin(), grant->services.end(),
                                  [&](const auto& one) { return one.name == asked.service; });
  if (named == grant->services.end()) return {errc::not_allowed, "with a ticket for other services"};
  if (std::find(here.begin(), here.end(), *named) == here.end())
    return {errc::unknown_service, "which is not served here now"};
  return {};
}

}  // namespace

decision decide(const access_policy& grants, const std::vector<access_policy::offer>& here,
                const request& asked) {
  auto decided = judge_grant(grants, here, asked);
  if (!decided.refused) return decided;
  const bool served =
      std::any_of(here.begin(), here.end(), [&](const auto& one) { return one.name == asked.service; });
  if (served && grants.allows(asked.peer, asked.service)) return {std::nullopt, {}, true};
  return decided;
}

}  // namespace gof::forward
