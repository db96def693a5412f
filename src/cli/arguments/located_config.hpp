#pragma once

#include "cli/arguments/command_line.hpp"
#include "cli/arguments/option_values.hpp"

namespace gof::cli {

/// The file that goes with a command line, and what its [node] says to this command.
struct located_config {
  std::filesystem::path path;
  std::optional<config::configuration> what;
  option_values node;
};

/// What is wrong with the values of a file's [node], whatever the command line says.
result<void> check_node(verb of, const option_values& node);

/// 78 for what is wrong with it or in it; empty where none is there and none was asked for.
daemon::outcome<located_config> locate_config(verb of, const option_values& values,
                                              const config_reader& files);

}  // namespace gof::cli
