#pragma once

#include "cli/command_line.hpp"
#include "cli/failure.hpp"

namespace gof::cli {

/// The ticket, wherever it comes from: 2 what stood on the command line or stdin, 78 what stands in a file.
outcome<wire::ticket> read_ticket(const ticket_source& from);

}  // namespace gof::cli
