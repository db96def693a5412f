#pragma once

#include "cli/arguments/option_values.hpp"
#include "daemon/settings.hpp"

namespace gof::cli {

/// What the options of a node command say, or the problem with one of them.
result<daemon::node_settings> read_node(const option_values& values);

/// Untouched when the option was not given.
result<void> read_duration(const option_values& values, std::string_view name, std::chrono::milliseconds& to);
/// What --color says; untouched when the option was not given.
result<void> read_color(const option_values& values, log::options::color& to);
/// Bytes, with K, M or G: from 1M to 64G.
result<void> read_size(const option_values& values, std::string_view name, std::uint64_t& to);
result<void> read_path(const option_values& values, std::string_view name,
                       std::optional<std::filesystem::path>& to);

}  // namespace gof::cli
