#pragma once

#include "daemon/failure.hpp"
#include "daemon/ticket_source.hpp"
#include "forward/spec.hpp"

#include <gof/ticket.hpp>

#include <optional>
#include <string>
#include <vector>

namespace gof::daemon {

/// The peer of a PEER argument, once its ticket is read.
struct resolved_peer {
  gof::peer who;
  std::optional<gof::ticket> ticket;  ///< empty: a peer of this node's own mesh
  std::string mesh;                   ///< of the ticket
  std::vector<forward::offered_service> offered;
  exit_code code = bad_command_line;  ///< for problems of the ticket
};

outcome<resolved_peer> resolve_peer(const peer_argument& from);

/// Chooses the services of the specs. The services of a peer without a ticket are unknown: each SPEC must
/// name its service, or is itself the name. Fails with 2.
outcome<std::vector<forward::forwarding>> forwardings_of(const resolved_peer& to,
                                                         const std::vector<forward::spec>& specs);

}  // namespace gof::daemon
