#pragma once

#include "cli/arguments/parsed_command.hpp"
#include "config/configuration.hpp"
#include "daemon/failure.hpp"
#include "os/environment.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gof::cli {

/// Reads configuration files: the one named on the command line, or else the standard one of every command,
/// if it exists.
struct config_reader {
  std::filesystem::path standard;
  /// Empty: there is no such file.
  std::function<daemon::outcome<std::optional<config::configuration>>(const std::filesystem::path&)> load;
};

/// Parses a command line (without the program's own name). Pure: reads files only through `files`, and no
/// variables but those given. A mistake in the words fails with exit code 2, in a file with 78. The problem
/// names the wrong word and what to write instead, and never repeats a ticket.
daemon::outcome<parsed_command> parse_command_line(std::span<const std::string> words,
                                                   const os::environment& variables,
                                                   const config_reader& files = {});

/// The command that no help lists.
constexpr std::string_view complete_word = "__complete";

/// A variable that may hold a ticket, besides those of the options.
constexpr std::string_view ticket_variable = "GOF_TICKET";

}  // namespace gof::cli
