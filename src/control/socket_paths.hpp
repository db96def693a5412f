#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gof::control {

/// Where the control sockets of this user's nodes are: $XDG_RUNTIME_DIR/gof, else $HOME/.local/state/gof/run,
/// else /run/gof. Empty variables count as unset.
std::filesystem::path folder(const std::string& xdg_runtime_dir, const std::string& home);

/// PID.sock there, for this process.
std::filesystem::path own_socket(const std::filesystem::path& folder);

/// Sockets in the folder that somebody listens on, by name. What a killed process left is removed.
std::vector<std::filesystem::path> live_sockets(const std::filesystem::path& folder);

}  // namespace gof::control
