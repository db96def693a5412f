#pragma once

#include "daemon/failure.hpp"
#include "daemon/ticket_source.hpp"
#include "wire/any_ticket.hpp"

namespace gof::daemon {

/// The ticket, wherever it comes from: 2 what stood on the command line or stdin, 78 what stands in a file.
outcome<wire::any_ticket> read_any_ticket(const ticket_source& from);
/// The other kind is a problem of the same codes.
outcome<wire::ticket> read_ticket(const ticket_source& from);
outcome<wire::join_ticket> read_join_ticket(const ticket_source& from);

/// Of what is wrong with a ticket from there.
exit_code code_of(const ticket_source& from);

}  // namespace gof::daemon
