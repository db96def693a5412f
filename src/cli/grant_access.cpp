#include "cli/grant_access.hpp"

#include <algorithm>

namespace gof::cli {

std::optional<forward::access::known> grant_access::find(const grant_id& grant) const {
  const auto* found = grants_.book().find(gof::grant_id(const_bytes(grant)));
  if (!found) return std::nullopt;
  known what;
  std::copy_n(found->token.view().begin(), what.token.size(), what.token.begin());
  for (const auto& service : found->services) what.services.push_back({service.name, service.target});
  return what;
}

bool grant_access::is_withdrawn(const grant_id& grant) const {
  return grants_.book().is_withdrawn(gof::grant_id(const_bytes(grant)));
}

}  // namespace gof::cli
