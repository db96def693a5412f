#pragma once

#include "cli/arguments/commands.hpp"
#include "pages/splice.hpp"

namespace gof::pages {

/// What gof(1) is spliced with.
parts program_parts();

/// What the page of one command is spliced with.
parts command_parts(const cli::command& of);

/// What gof.conf(5) is spliced with.
parts file_parts();

}  // namespace gof::pages
