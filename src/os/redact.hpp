#pragma once

#include <span>
#include <string>
#include <vector>

namespace gof::os {

/// Overwrites in place whatever may be a ticket, intact or mistyped: every run of 40 or more letters and
/// digits, and what begins like a ticket, also with white space or quotes in it. The length stays. True:
/// there was one.
bool redact_secrets(std::span<char> word);

/// The words of the command line, without the program's own name. Afterwards ps(1) shows no ticket in them.
std::vector<std::string> take_arguments(int count, char** words);

}  // namespace gof::os
