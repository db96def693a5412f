#pragma once

#include "cli/failure.hpp"
#include "cli/ticket_source.hpp"
#include "wire/any_ticket.hpp"

namespace gof::cli {

/// The ticket, wherever it comes from: 2 what stood on the command line or stdin, 78 what stands in a file.
outcome<wire::any_ticket> read_any_ticket(const ticket_source& from);
/// The other kind is a problem of the same codes.
outcome<wire::ticket> read_ticket(const ticket_source& from);
outcome<wire::join_ticket> read_join_ticket(const ticket_source& from);

/// Of what is wrong with a ticket from there.
exit_code code_of(const ticket_source& from);

}  // namespace gof::cli
