#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// UTF-8 as RFC 3629 has it: nothing overlong, no surrogates, nothing beyond U+10FFFF.

namespace gof::utf8 {

struct character {
  std::size_t size = 1;    ///< bytes
  std::uint32_t code = 0;  ///< of a sound one
  bool sound = false;      ///< else a byte that begins no character
};

/// What the text begins with; the text must not be empty.
character first(std::string_view text);

/// A control character of ASCII: it may end a line, or change what a terminal shows.
constexpr bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
}

/// Whether it has an effect beyond its own place: controls (C0, DEL, C1), line and paragraph separators, what
/// turns the direction of text, what is not seen, and what no text may hold.
bool is_unprintable(std::uint32_t code);

/// At most so many bytes of the text's beginning, without a part of a character at the end.
std::string_view cut(std::string_view text, std::size_t most);

/// Each byte that belongs to no character becomes U+FFFD; all else stays.
std::string repaired(std::string_view text);

}  // namespace gof::utf8
