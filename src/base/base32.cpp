#include "base/base32.hpp"

namespace gof {
namespace {

constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";

int digit(char c) {
  if (c >= 'a' && c <= 'z') return c - 'a';
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= '2' && c <= '7') return c - '2' + 26;
  return -1;
}

}  // namespace

std::string to_base32(const_bytes data) {
  std::string text;
  text.reserve((data.size() * 8 + 4) / 5);
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const auto byte : data) {
    held = held << 8 | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[held >> bits & 31];
    }
  }
  if (bits > 0) text += alphabet[held << (5 - bits) & 31];
  return text;
}

std::optional<bytes> from_base32(std::string_view text) {
  bytes data;
  data.reserve(text.size() * 5 / 8);
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const int value = digit(c);
    if (value < 0) return std::nullopt;
    held = held << 5 | static_cast<std::uint32_t>(value);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      data.push_back(static_cast<std::uint8_t>(held >> bits));
    }
  }
  if (bits >= 5 || (held & ((1u << bits) - 1)) != 0) return std::nullopt;
  return data;
}

}  // namespace gof
