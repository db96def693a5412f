#pragma once

#include "cli/arguments/command_line.hpp"
#include "cli/arguments/option_values.hpp"

namespace gof::cli {

/// The configuration file for a command line, and the values in its [node] for this command.
struct located_config {
  std::filesystem::path path;
  std::optional<config::configuration> what;
  option_values node;
};

/// Checks the values of a file's [node] independently of the command line.
result<void> check_node(verb of, const option_values& node);

/// Fails with 78 if the file cannot be read or is wrong. Empty if there is none and none was named.
daemon::outcome<located_config> locate_config(verb of, const option_values& values,
                                              const config_reader& files);

}  // namespace gof::cli
