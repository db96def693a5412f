#pragma once

#include "cli/arguments/option_values.hpp"
#include "config/configuration.hpp"
#include "daemon/failure.hpp"

#include <filesystem>
#include <optional>

namespace gof::cli {

/// Where a user's configuration is, by XDG_CONFIG_HOME and HOME; without both in /etc.
std::filesystem::path standard_config(const os::environment& variables);

/// The configuration at `path`; 78 when it cannot be read or is wrong, naming what and where. Empty: no file
/// is there. Never more of a file is held than a configuration can be long.
daemon::outcome<std::optional<config::configuration>> load_configuration(const std::filesystem::path& path);

}  // namespace gof::cli
