#pragma once

#include "daemon/failure.hpp"

#include <string>

namespace gof::cli {

/// For failures before there is a log, and of commands without one. Returns the code.
int tell_failure(int code, const std::string& what);
/// The same; prints nothing if there are no words.
int tell_failure(const daemon::failure& why);

/// The exit code of a command that ran, or of one that could not start, which is reported.
int finish(const daemon::outcome<int>& how);

/// Prints to stdout. Returns the exit code for a command that has nothing else to do.
int print(const std::string& text);

}  // namespace gof::cli
