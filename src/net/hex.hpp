#pragma once

#include "base/id.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

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

/// Empty: it is none.
inline std::optional<node_id> node_from(std::string_view text) {
  node_id id;
  if (text.size() != 2 * id.value.size()) return std::nullopt;
  for (auto& byte : id.value) {
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + 2, byte, 16);
    if (wrong != std::errc() || end != text.data() + 2) return std::nullopt;
    text.remove_prefix(2);
  }
  return id;
}

}  // namespace gof::net
