#pragma once

#include "cli/arguments/option_values.hpp"
#include "daemon/settings.hpp"

namespace gof::cli {

/// The values of a node command's options, or the problem with one of them.
result<daemon::node_settings> read_node(const option_values& values);

/// `to` is unchanged if the option was not given.
result<void> read_duration(const option_values& values, std::string_view name, std::chrono::milliseconds& to);
/// The value of --color; `to` is unchanged if the option was not given.
result<void> read_color(const option_values& values, log::options::color& to);
/// A size in bytes, with K, M or G: from 1M to 64G.
result<void> read_size(const option_values& values, std::string_view name, std::uint64_t& to);
result<void> read_path(const option_values& values, std::string_view name,
                       std::optional<std::filesystem::path>& to);

}  // namespace gof::cli
