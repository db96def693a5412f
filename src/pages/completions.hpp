#pragma once

#include "pages/splice.hpp"

namespace gof::pages {

/// What the completion of each shell is spliced with.
parts bash_parts();
parts zsh_parts();
parts fish_parts();

}  // namespace gof::pages
