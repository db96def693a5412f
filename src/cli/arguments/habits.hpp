#pragma once

#include "cli/arguments/option.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gof::cli {

// What people write who know other tools: ssh, frp, ngrok, bore, chisel, kubectl, Tailscale.

/// What to do in place of a command that gof does not have; empty: nothing is known of it.
std::string_view advice_on_command(std::string_view word);

/// The same for an option, as it was written.
std::string_view advice_on_option(std::string_view word, verb of);

/// The words with the command first, when only options come before it (`gof -v serve 22`). Empty: there is no
/// command.
std::vector<std::string> command_first(std::span<const std::string> words);

}  // namespace gof::cli
