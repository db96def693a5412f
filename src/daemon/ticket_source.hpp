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

/// Where a ticket comes from; one on the command line or in GOF_TICKET has been read already. Join tickets
/// are for --join, and for gof ticket, which explains them.
using ticket_source = std::variant<wire::ticket, wire::join_ticket, ticket_file, standard_input>;

/// The peer whose services are meant: by a ticket, or by its id if it is in this node's mesh, without one.
using peer_argument = std::variant<ticket_source, gof::peer>;

}  // namespace gof::daemon
