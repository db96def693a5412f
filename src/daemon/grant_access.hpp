#pragma once

#include "forward/access_policy.hpp"
#include "state/grant_file.hpp"

#include <map>
#include <set>

namespace gof::daemon {

/// The grants file, and who is allowed without a ticket, as the forwarder asks for them.
class grant_access final : public forward::access_policy {
 public:
  explicit grant_access(const state::grant_file& grants) : grants_(grants) {}

  /// Who may use which service (under every_service: any) without a ticket, from now on; at first nobody.
  void allow(std::map<std::string, std::set<gof::peer>> by_service);

  std::optional<grant> find(const grant_id& id) const override;
  bool is_withdrawn(const grant_id& id) const override;
  bool allows(const gof::peer& who, const std::string& service) const override;

 private:
  const state::grant_file& grants_;
  std::map<std::string, std::set<gof::peer>> allowed_;
};

}  // namespace gof::daemon
