#pragma once

#include "daemon/failure.hpp"

#include <string>

namespace gof::cli {

/// Before there is a log, and for commands without one. The code.
int tell_failure(int code, const std::string& what);
/// The same; nothing where there are no words.
int tell_failure(const daemon::failure& why);

/// The exit code of a command that ran, or of one that could not, which is told.
int finish(const daemon::outcome<int>& how);

/// What goes to stdout; the exit code of a command that has nothing else to do.
int print(const std::string& text);

}  // namespace gof::cli
