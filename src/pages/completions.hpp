#pragma once

#include "pages/splice.hpp"

namespace gof::pages {

/// The parts for the completion of each shell.
parts bash_parts();
parts zsh_parts();
parts fish_parts();

}  // namespace gof::pages
