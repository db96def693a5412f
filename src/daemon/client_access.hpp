#pragma once

#include "daemon/bootstrap.hpp"
#include "daemon/node_process.hpp"
#include "daemon/resolved_peer.hpp"
#include "daemon/settings.hpp"
#include "daemon/ticket_addresses.hpp"
#include "dial/host_names.hpp"

namespace gof::daemon {

/// How `forward` and `connect` get to their peer: as a guest by its ticket, or as a member of its mesh that
/// joins. What it is made from outlives it.
class client_access {
 public:
  client_access(const mesh_settings& mesh, const address_settings& address, node_process& process)
      : mesh_(mesh), address_(address), process_(process) {}

  using key_bytes = std::optional<std::array<std::uint8_t, 32>>;

  /// Before the node: join tickets are read, and the network key is settled; empty: a guest.
  outcome<key_bytes> prepare(resolved_peer to);
  /// With the node: it listens where it was asked to, members are dialled, and the peer is.
  std::optional<failure> begin();

  const gof::peer& peer() const { return to_.who; }
  const std::string& mesh() const { return to_.mesh; }  ///< hexadecimal
  bool joins() const { return !mesh_.join.empty(); }
  std::vector<std::string> listening() const { return texts_of(at_); }

 private:
  std::optional<failure> listen();

  const mesh_settings& mesh_;
  const address_settings& address_;
  node_process& process_;
  resolved_peer to_;
  bootstrap joined_;
  dial::host_names names_;  ///< of where it listens
  std::vector<daemon::listening> at_;
};

}  // namespace gof::daemon
