#include "daemon/grant_access.hpp"

#include "daemon/plan.hpp"

#include <algorithm>

namespace gof::daemon {

void grant_access::allow(std::map<std::string, std::set<gof::peer>> by_service) {
  allowed_ = std::move(by_service);
}

std::optional<forward::access_policy::grant> grant_access::find(const grant_id& id) const {
  const auto* found = grants_.book().find(gof::grant_id(const_bytes(id)));
  if (!found) return std::nullopt;
  grant what;
  std::copy_n(found->token.view().begin(), what.token.size(), what.token.begin());
  for (const auto& service : found->services) what.services.push_back({service.name, service.target});
  return what;
}

bool grant_access::is_withdrawn(const grant_id& id) const {
  return grants_.book().is_withdrawn(gof::grant_id(const_bytes(id)));
}

bool grant_access::allows(const gof::peer& who, const std::string& service) const {
  const auto holds = [&](const std::string& name) {
    const auto found = allowed_.find(name);
    return found != allowed_.end() && found->second.contains(who);
  };
  return holds(service) || holds(std::string(every_service));
}

}  // namespace gof::daemon
