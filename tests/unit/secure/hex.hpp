#pragma once

#include "base/bytes.hpp"

#include <string_view>

namespace gof::secure {

inline bytes from_hex(std::string_view text) {
  const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
  bytes out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    out.push_back(static_cast<std::uint8_t>(digit(text[i]) << 4 | digit(text[i + 1])));
  return out;
}

inline bytes to_bytes(const_bytes data) {
  return {data.begin(), data.end()};
}

}  // namespace gof::secure
