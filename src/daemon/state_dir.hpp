#pragma once

#include "daemon/failure.hpp"
#include "os/environment.hpp"
#include "state/store.hpp"

#include <gof/identity.hpp>

#include <filesystem>
#include <optional>

namespace gof::daemon {

/// Where this peer's files are, by --key, --ephemeral, XDG_STATE_HOME and HOME.
state::store store_of(const std::optional<std::filesystem::path>& key, bool ephemeral,
                      const os::environment& variables);

/// The peer's key, made when there is none; 78 when there is one that cannot be used.
outcome<identity> identity_of(const state::store& kept);

}  // namespace gof::daemon
