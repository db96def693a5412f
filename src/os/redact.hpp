#pragma once

#include <span>
#include <string>
#include <vector>

namespace gof::os {

/// Overwrites in place what may be a ticket, whole or mistyped: every run of 40 or more letters and digits.
/// The length stays. True: there was one.
bool redact_secrets(std::span<char> word);

/// The words of the command line, without the program's own name; what ps(1) shows of them has no ticket any
/// more.
std::vector<std::string> take_arguments(int count, char** words);

}  // namespace gof::os
