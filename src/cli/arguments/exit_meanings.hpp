#pragma once

#include "cli/arguments/options.hpp"
#include "daemon/exit_code.hpp"

#include <span>
#include <string>
#include <string_view>

namespace gof::cli {

/// The meaning of an exit code, and the commands that may return it.
struct exit_meaning {
  daemon::exit_code code;
  std::string_view meaning;
  verb verbs;

  /// The number, or "128+n".
  std::string spelled() const;
};
std::span<const exit_meaning> exit_meanings();

}  // namespace gof::cli
