#pragma once

#include "base/hex.hpp"

#include <string>
#include <string_view>

namespace gof {

/// Bytes as a test spells them out, "01 0203 ff": blanks and ends of lines as one likes.
inline bytes hex(std::string_view spelled) {
  std::string text(spelled);
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  return from_hex(text).value();
}

}  // namespace gof
