#pragma once

#include "daemon/bootstrap.hpp"
#include "daemon/node_process.hpp"
#include "daemon/resolved_peer.hpp"
#include "daemon/settings.hpp"
#include "daemon/ticket_addresses.hpp"

namespace gof::daemon {

/// How `forward` and `connect` get to their peer: as a guest by its ticket, or as a member of its mesh that
/// joins. What it is made from outlives it.
class client_access {
 public:
  client_access(const settings& all, node_process& process) : settings_(all), process_(process) {}

  /// First of all: the peer's ticket is read.
  std::optional<failure> read(const peer_argument& from);
  /// Before the node: join tickets are read, and the network key is settled.
  outcome<network_key> prepare();
  /// With the node: others are told where it listens, if it does; members are dialled, and the peer is.
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
