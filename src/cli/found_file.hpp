#pragma once

#include "cli/command_line.hpp"

namespace gof::cli {

/// The file that goes with a command line, and what its [node] says to this command.
struct found_file {
  std::filesystem::path path;
  std::optional<config::configuration> what;
  option_values node;
};

/// What is wrong with the values of a file's [node], whatever the command line says.
result<void> check_node(verb of, const option_values& node);

/// 78 for what is wrong with it or in it; empty where none is there and none was asked for.
daemon::outcome<found_file> find_file(verb of, const option_values& values, const config_reader& files);

}  // namespace gof::cli
