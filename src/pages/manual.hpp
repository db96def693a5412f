#pragma once

#include "cli/arguments/commands.hpp"
#include "pages/splice.hpp"

namespace gof::pages {

/// The parts for gof(1).
parts program_parts();

/// The parts for the page of one command.
parts command_parts(const cli::command& of);

/// The parts for gof.conf(5).
parts file_parts();

}  // namespace gof::pages
