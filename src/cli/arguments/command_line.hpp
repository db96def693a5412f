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

/// How a configuration file is read: the one that was named, or else the one of every command, if it is
/// there.
struct config_reader {
  std::filesystem::path standard;
  /// Empty: there is no such file.
  std::function<daemon::outcome<std::optional<config::configuration>>(const std::filesystem::path&)> load;
};

/// Understands a command line (without the program's own name). Pure: reads no file but by `files`, and no
/// variable but those given. What is wrong with the words is exit code 2, with a file 78; it names the word
/// and what to write instead, and never repeats a ticket.
daemon::outcome<parsed_command> parse_command_line(std::span<const std::string> words,
                                                   const os::environment& variables,
                                                   const config_reader& files = {});

/// The command that no help lists.
constexpr std::string_view complete_word = "__complete";

/// The variable a ticket may stand in, besides those of the options.
constexpr std::string_view ticket_variable = "GOF_TICKET";

}  // namespace gof::cli
