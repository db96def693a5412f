#include "node/shown_tickets.hpp"

#include <algorithm>

namespace gof::core {

bool shown_tickets::knows(const peer_id& issuer, const grant_id& grant) const {
  return std::any_of(all_.begin(), all_.end(),
                     [&](const shown& one) { return one.issuer == issuer && one.grant == grant; });
}

void shown_tickets::add(const peer_id& issuer, const grant_id& grant, bool withdrawn) {
  if (!is_full() && !knows(issuer, grant)) all_.push_back({issuer, grant, withdrawn});
}

bool shown_tickets::allow(const peer_id& issuer) const {
  return std::any_of(all_.begin(), all_.end(),
                     [&](const shown& one) { return one.issuer == issuer && !one.withdrawn; });
}

std::vector<peer_id> shown_tickets::issuers() const {
  std::vector<peer_id> good;
  for (const auto& one : all_)
    if (!one.withdrawn && std::find(good.begin(), good.end(), one.issuer) == good.end())
      good.push_back(one.issuer);
  return good;
}

std::vector<peer_id> shown_tickets::all_issuers() const {
  std::vector<peer_id> all;
  for (const auto& one : all_)
    if (std::find(all.begin(), all.end(), one.issuer) == all.end()) all.push_back(one.issuer);
  return all;
}

}  // namespace gof::core
