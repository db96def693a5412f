#pragma once

#include "daemon/failure.hpp"
#include "daemon/ticket_source.hpp"
#include "wire/any_ticket.hpp"

namespace gof::daemon {

/// Reads a ticket from any source. Fails with 2 for the command line or stdin, with 78 for a file.
outcome<wire::any_ticket> read_any_ticket(const ticket_source& from);
/// A ticket of the other kind fails with the same codes.
outcome<wire::ticket> read_ticket(const ticket_source& from);
outcome<wire::join_ticket> read_join_ticket(const ticket_source& from);

/// The exit code for a problem with a ticket from this source.
exit_code code_of(const ticket_source& from);

}  // namespace gof::daemon
