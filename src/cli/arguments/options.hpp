#pragma once

#include "cli/arguments/option.hpp"

#include <span>

namespace gof::cli {

/// All options, in the order in which help shows them.
std::span<const option> options();

}  // namespace gof::cli
