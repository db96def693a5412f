#pragma once

#include "forward/target.hpp"
#include "state/grant_book.hpp"

#include <filesystem>
#include <optional>

namespace gof::cli {

/// "NAME=TARGET, ...", as the user would write them.
std::string services_text(const std::vector<forward::service>& services);

/// The command for the other machine, ready to paste; local ports need no privileges.
std::string paste_line(const std::string& ticket, const std::vector<forward::service>& services);

/// The command that prints this ticket again.
std::string show_line(const std::optional<std::filesystem::path>& key, const state::grant_book& book,
                      const state::grant& granted);

}  // namespace gof::cli
