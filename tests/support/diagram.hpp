#pragma once

#include <string>

namespace gof::test {

class trace;

/// A line for each thing that happened: the time, an arrow between the hosts' columns or a word in one, and
/// what it was.
std::string diagram(const trace& of);

}  // namespace gof::test
