#pragma once

#include "daemon/bootstrap.hpp"
#include "daemon/node_process.hpp"
#include "daemon/settings.hpp"
#include "daemon/ticket_addresses.hpp"
#include "net/system_random.hpp"

namespace gof::daemon {

/// A node's membership of its mesh, for `serve` and `relay`: the network key, the nodes it dials, and the
/// addresses at which it can be reached. All arguments must outlive this object.
class membership {
 public:
  membership(const settings& all, node_process& process) : settings_(all), process_(process) {}

  /// Before the node is made: reads tickets, and determines the network key.
  outcome<network_key> prepare();

  /// With the node, which listens at `at`: dials members, and publishes services and withdrawn grants, the
  /// newest of which are last.
  std::optional<failure> begin(const std::vector<listening>& at, const std::vector<std::string>& services,
                               const std::vector<grant_id>& withdrawn);
  /// After begin(): publishes the services that are served now.
  void tell_services(const std::vector<std::string>& names);
  /// After begin(): publishes the grants that are withdrawn now.
  void tell_withdrawn(const std::vector<grant_id>& withdrawn);

  /// The addresses for tickets.
  const std::vector<std::string>& addresses() const { return addresses_; }
  std::string mesh() const { return mesh_text(key_); }
  bool joins() const { return !settings_.mesh.join.empty(); }
  /// Warns if tickets would be useless elsewhere. A node that joins can be reached through other members.
  void warn_of_scope() const;

 private:
  const settings& settings_;
  node_process& process_;
  net::system_random random_;
  bootstrap joined_;
  secure::secret32 key_;
  std::vector<std::string> addresses_;
  profile told_;
};

}  // namespace gof::daemon
