#pragma once

#include "cli/command_line.hpp"

namespace gof::cli {

/// --join, --network-key, and --ticket-file where it names a join ticket.
result<mesh_options> read_mesh(verb of, const option_values& values);

/// --listen, --no-listen, --advertise.
result<place_options> read_place(verb of, const option_values& values, const mesh_options& mesh);

}  // namespace gof::cli
