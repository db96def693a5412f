#pragma once

#include "daemon/bootstrap.hpp"
#include "daemon/node_process.hpp"
#include "daemon/resolved_peer.hpp"
#include "daemon/settings.hpp"
#include "daemon/ticket_addresses.hpp"

namespace gof::daemon {

/// How `forward` and `connect` reach their peer: as a guest with its ticket, or as a member of its mesh. All
/// arguments must outlive this object.
class client_access {
 public:
  client_access(const settings& all, node_process& process) : settings_(all), process_(process) {}

  /// The first step: reads the peer's ticket.
  std::optional<failure> read(const peer_argument& from);
  /// Before the node is made: reads join tickets, and determines the network key.
  outcome<network_key> prepare();
  /// With the node: publishes where it listens, if it does, then dials members and the peer.
  std::optional<failure> begin(const std::vector<listening>& at);

  const resolved_peer& to() const { return to_; }
  const gof::peer& peer() const { return to_.who; }
  const std::string& mesh() const { return to_.mesh; }  ///< hexadecimal

 private:
  const settings& settings_;
  node_process& process_;
  resolved_peer to_;
  bootstrap joined_;
};

}  // namespace gof::daemon
