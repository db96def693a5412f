#include "base/hex.hpp"

#include <charconv>

namespace gof {

std::string to_hex(const_bytes data) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * data.size());
  for (const auto byte : data) {
    text.push_back(digits[byte >> 4]);
    text.push_back(digits[byte & 15]);
  }
  return text;
}

std::optional<bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  bytes data;
  data.reserve(text.size() / 2);
  for (const char *at = text.data(), *end = at + text.size(); at != end; at += 2) {
    std::uint8_t byte = 0;
    const auto read = std::from_chars(at, at + 2, byte, 16);
    if (read.ec != std::errc() || read.ptr != at + 2) return std::nullopt;
    data.push_back(byte);
  }
  return data;
}

}  // namespace gof
