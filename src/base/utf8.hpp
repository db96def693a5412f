#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// UTF-8 as in RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF.

namespace gof::utf8 {

struct character {
  std::size_t size = 1;    ///< bytes
  std::uint32_t code = 0;  ///< if sound
  bool sound = false;      ///< false: a byte that begins no character
};

/// The first character of the text, which must not be empty.
character first(std::string_view text);

/// A control character of ASCII: it may end a line, or change what a terminal shows.
constexpr bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
}

/// Whether the character does more than show itself: controls (C0, DEL, C1), line and paragraph separators,
/// changes of text direction, invisible characters, and codes that no text may contain.
bool is_unprintable(std::uint32_t code);

/// The beginning of the text, at most so many bytes, without a partial character at the end.
std::string_view cut(std::string_view text, std::size_t most);

/// Replaces each byte that belongs to no character by U+FFFD.
std::string repaired(std::string_view text);

}  // namespace gof::utf8
