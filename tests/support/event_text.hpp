#pragma once

#include "node/event.hpp"

#include <string>

namespace gof::test {

/// An event in a few words, for diagrams and failure messages.
std::string text_of(const core::event& e);

}  // namespace gof::test
