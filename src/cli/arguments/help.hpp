#pragma once

#include "cli/arguments/options.hpp"

#include <optional>
#include <string>

namespace gof::cli {

/// What -h (short) and --help (full) print: of one command, or of the program. No line is longer than 80.
std::string help_text(std::optional<verb> about, bool full);

}  // namespace gof::cli
