#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gof::control {

/// The folder of the control sockets of this user's nodes: $XDG_RUNTIME_DIR/gof, else
/// $HOME/.local/state/gof/run, else /run/gof. Empty variables count as unset.
std::filesystem::path folder(const std::string& xdg_runtime_dir, const std::string& home);

/// This process's socket in that folder: PID.sock.
std::filesystem::path own_socket(const std::filesystem::path& folder);

/// The sockets in the folder that a process listens on, by name. Removes those left by killed processes.
std::vector<std::filesystem::path> live_sockets(const std::filesystem::path& folder);

}  // namespace gof::control
