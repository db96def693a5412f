#pragma once

#include "wire/join_ticket.hpp"
#include "wire/ticket.hpp"

#include <gof/identity.hpp>

#include <filesystem>
#include <variant>

namespace gof::daemon {

struct ticket_file {
  std::filesystem::path path;
};
struct standard_input {};

/// Where the ticket comes from; the one that stood on the command line or in GOF_TICKET is read already. A
/// join ticket is only to be explained.
using ticket_source = std::variant<wire::ticket, wire::join_ticket, ticket_file, standard_input>;

/// Whose services are meant: those of a ticket, or of a peer of this node's own mesh, which needs none.
using peer_argument = std::variant<ticket_source, gof::peer>;

}  // namespace gof::daemon
