#pragma once

#include "cli/arguments/options.hpp"

#include <optional>
#include <string>

namespace gof::cli {

/// The output of -h (short) or --help (full), for one command or for the program, at most 80 columns wide.
std::string help_text(std::optional<verb> about, bool full);

}  // namespace gof::cli
