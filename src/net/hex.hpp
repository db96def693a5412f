#pragma once

#include "base/bytes.hpp"

#include <string>

namespace gof::net {

inline std::string to_hex(const_bytes data) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * data.size());
  for (const auto byte : data) {
    text.push_back(digits[byte >> 4]);
    text.push_back(digits[byte & 15]);
  }
  return text;
}

}  // namespace gof::net
