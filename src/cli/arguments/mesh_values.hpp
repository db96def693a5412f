#pragma once

#include "cli/arguments/option_values.hpp"
#include "daemon/settings.hpp"

namespace gof::cli {

/// --join, --network-key, and --ticket-file if it names a join ticket.
result<daemon::mesh_settings> read_mesh(verb of, const option_values& values);

/// --listen, --no-listen, --advertise.
result<daemon::address_settings> read_address(verb of, const option_values& values,
                                              const daemon::mesh_settings& mesh);

}  // namespace gof::cli
