#pragma once

#include "base/hex.hpp"

#include <string>
#include <string_view>

namespace gof {

/// Bytes as a test writes them, "01 0203 ff"; blanks and line ends may be anywhere.
inline bytes hex(std::string_view spelled) {
  std::string text(spelled);
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  return from_hex(text).value();
}

}  // namespace gof
