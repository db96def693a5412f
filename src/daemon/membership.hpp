#pragma once

#include "daemon/bootstrap.hpp"
#include "daemon/node_process.hpp"
#include "daemon/settings.hpp"
#include "daemon/ticket_addresses.hpp"
#include "net/system_random.hpp"

namespace gof::daemon {

/// A node's place in its mesh, as `serve` and `relay` have it: the network key, whom it dials, and where
/// others reach it. What it is made from outlives it.
class membership {
 public:
  membership(const settings& all, node_process& process) : settings_(all), process_(process) {}

  /// Before the node: tickets are read, and the network key is settled.
  outcome<network_key> prepare();

  /// With the node, which listens at these: members are dialled, and the mesh is told of services and of
  /// withdrawn grants, given newest last.
  std::optional<failure> begin(const std::vector<listening>& at, const std::vector<std::string>& services,
                               const std::vector<grant_id>& withdrawn);
  /// After begin(): these are served now.
  void tell_services(const std::vector<std::string>& names);
  /// After begin(): these are withdrawn now.
  void tell_withdrawn(const std::vector<grant_id>& withdrawn);

  /// For tickets.
  const std::vector<std::string>& addresses() const { return addresses_; }
  std::string mesh() const { return mesh_text(key_); }
  bool joins() const { return !settings_.mesh.join.empty(); }
  /// Warns when tickets lead nowhere from afar. Who joins is reached through others.
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
