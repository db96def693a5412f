#pragma once

#include "cli/failure.hpp"
#include "cli/option_values.hpp"
#include "state/store.hpp"

#include <gof/identity.hpp>

#include <filesystem>
#include <optional>

namespace gof::cli {

/// Where this peer's files are, by --key, --ephemeral, XDG_STATE_HOME and HOME.
state::store store_of(const std::optional<std::filesystem::path>& key, bool ephemeral,
                      const environment& variables);

/// The peer's key, made when there is none; 78 when there is one that cannot be used.
outcome<identity> identity_of(const state::store& kept);

/// The text of a variable; empty when it is not set.
std::string variable(const environment& variables, std::string_view name);

}  // namespace gof::cli
