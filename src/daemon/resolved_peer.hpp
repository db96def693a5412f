#pragma once

#include "daemon/failure.hpp"
#include "daemon/ticket_source.hpp"
#include "forward/spec.hpp"

#include <gof/ticket.hpp>

#include <optional>
#include <string>
#include <vector>

namespace gof::daemon {

/// A PEER whose services are wanted, once its ticket is read.
struct resolved_peer {
  gof::peer who;
  std::optional<gof::ticket> ticket;  ///< empty: a peer of this node's own mesh
  std::string mesh;                   ///< the ticket's
  std::vector<forward::offered_service> offered;
  exit_code code = bad_command_line;  ///< of what is wrong with the ticket
};

outcome<resolved_peer> resolve_peer(const peer_argument& from);

/// The services that the specs mean. Of a peer without a ticket nothing is known yet: a SPEC names its
/// service, or is called like it. 2.
outcome<std::vector<forward::forwarding>> forwardings_of(const resolved_peer& to,
                                                         const std::vector<forward::spec>& specs);

}  // namespace gof::daemon
