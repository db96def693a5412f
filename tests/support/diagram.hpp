#pragma once

#include <string>

namespace gof::test {

class trace;

/// One line for each event: the time, an arrow between the hosts' columns or a mark in one, and a
/// description.
std::string diagram(const trace& of);

}  // namespace gof::test
