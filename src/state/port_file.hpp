#pragma once

#include "base/problem.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace gof::state {

/// The port that `serve` listened on first and uses again, so that printed tickets stay valid; empty: none is
/// kept.
result<std::optional<std::uint16_t>> load_port(const std::filesystem::path& path);

/// Keeps `port` if none is kept yet. False: another one is, and stays (for a second node of this peer).
result<bool> keep_port(const std::filesystem::path& path, std::uint16_t port);

}  // namespace gof::state
