#pragma once

#include "cli/arguments/option_values.hpp"
#include "config/configuration.hpp"
#include "daemon/failure.hpp"

#include <filesystem>
#include <optional>

namespace gof::cli {

/// The path of the user's configuration, by XDG_CONFIG_HOME and HOME, or else in /etc.
std::filesystem::path standard_config(const os::environment& variables);

/// The configuration at `path`. Empty: there is no file. Fails with 78 if the file cannot be read or is
/// wrong, and says what and where. Reads no more than the longest valid configuration.
daemon::outcome<std::optional<config::configuration>> load_configuration(const std::filesystem::path& path);

}  // namespace gof::cli
