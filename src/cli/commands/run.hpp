#pragma once

#include "cli/arguments/parsed_command.hpp"
#include "os/environment.hpp"

namespace gof::cli {

/// The commands. Each runs to its end and returns the exit code.
int run(const serve_command& what, const os::environment& variables);
int run(const forward_command& what, const os::environment& variables);
int run(const relay_command& what, const os::environment& variables);
int run(const run_command& what, const os::environment& variables);
int run(const connect_command& what, const os::environment& variables);
int run(const status_command& what, const os::environment& variables);
int run(const peers_command& what, const os::environment& variables);
int run(const ping_command& what, const os::environment& variables);
int run(const trace_command& what, const os::environment& variables);
int run(const id_command& what, const os::environment& variables);
int run(const ticket_command& what, const os::environment& variables);
int run(const demo_command& what, const os::environment& variables);
int run(const completion_command& what, const os::environment& variables);
/// Prints a line for each possible word, with a tab and a description. Never prints to stderr.
int run(const complete_command& what, const os::environment& variables);

}  // namespace gof::cli
