#pragma once

#include "cli/arguments/options.hpp"

#include <span>
#include <string_view>

namespace gof::cli {

struct example {
  std::string_view line;
  std::string_view note;
};

/// A command as help shows it.
struct command {
  verb does;
  std::string_view name;
  std::string_view summary;
  std::span<const std::string_view> usage;
  std::span<const example> examples;
  std::span<const std::string_view> description;  ///< paragraphs, for --help
  completion words = completion::live;            ///< what a shell offers for its arguments
};

std::span<const command> commands();
const command& command_of(verb does);

/// Examples for the program as a whole.
std::span<const example> program_examples();

}  // namespace gof::cli
