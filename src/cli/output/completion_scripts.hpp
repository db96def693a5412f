#pragma once

#include <string_view>

namespace gof::cli {

/// The files of completions/, built into the program.
struct scripts {
  std::string_view bash;
  std::string_view zsh;
  std::string_view fish;
};
const scripts& completion_scripts();

}  // namespace gof::cli
