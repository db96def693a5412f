#pragma once

#include "forward/access_policy.hpp"
#include "state/grant_file.hpp"

#include <map>
#include <set>

namespace gof::daemon {

/// Implements the forwarder's access policy with the grants file, and the peers allowed without a ticket.
class grant_access final : public forward::access_policy {
 public:
  explicit grant_access(const state::grant_file& grants) : grants_(grants) {}

  /// Sets which peers may use a service without a ticket (under every_service: any); initially none.
  void allow(std::map<std::string, std::set<gof::peer>> by_service);

  std::optional<grant> find(const grant_id& id) const override;
  bool is_withdrawn(const grant_id& id) const override;
  bool allows(const gof::peer& who, const std::string& service) const override;

 private:
  const state::grant_file& grants_;
  std::map<std::string, std::set<gof::peer>> allowed_;
};

}  // namespace gof::daemon
