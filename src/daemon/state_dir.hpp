#pragma once

#include "daemon/failure.hpp"
#include "os/environment.hpp"
#include "state/store.hpp"

#include <gof/identity.hpp>

#include <filesystem>
#include <optional>

namespace gof::daemon {

/// Where this peer's files are, according to --key, --ephemeral, XDG_STATE_HOME and HOME.
state::store store_of(const std::optional<std::filesystem::path>& key, bool ephemeral,
                      const os::environment& variables);

/// The peer's key, created if there is none; fails with 78 if the existing one cannot be used.
outcome<identity> identity_of(const state::store& kept);

}  // namespace gof::daemon
