#include "base/utf8.hpp"

#include <algorithm>
#include <iterator>

namespace gof::utf8 {
namespace {

struct range {
  std::uint32_t first, last;
};

constexpr range unprintable[] = {
    {0x00, 0x1f},        // C0
    {0x7f, 0x9f},        // DEL, C1: some terminals treat U+009B like ESC [
    {0xad, 0xad},        // soft hyphen
    {0x61c, 0x61c},      // Arabic letter mark
    {0x180e, 0x180e},    // Mongolian vowel separator
    {0x200b, 0x200f},    // zero width; direction marks
    {0x2028, 0x202e},    // line and paragraph separators; direction embeddings and overrides
    {0x2060, 0x206f},    // word joiner, invisible operators, direction isolates
    {0xfeff, 0xfeff},    // byte order mark
    {0xfff0, 0xfffb},    // annotations
    {0xe0000, 0xe0fff},  // tags, variation selectors
};

bool is_noncharacter(std::uint32_t code) {
  return (code & 0xfffe) == 0xfffe || (code >= 0xfdd0 && code <= 0xfdef);
}

}  // namespace

character first(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto lead = byte(0);
  if (lead < 0x80) return {1, lead, true};
  const std::size_t size = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (size == 0 || text.size() < size) return {};
  std::uint32_t code = lead & (0xffu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3fu);
  }
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  if (overlong || surrogate || code > 0x10ffff) return {};
  return {size, code, true};
}

bool is_unprintable(std::uint32_t code) {
  return is_noncharacter(code) || std::any_of(std::begin(unprintable), std::end(unprintable),
                                              [=](range r) { return code >= r.first && code <= r.last; });
}

std::string_view cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  auto size = most;
  // A character has at most three bytes after its first.
  while (size > 0 && most - size < 4 && (static_cast<std::uint8_t>(text[size]) & 0xc0) == 0x80) --size;
  // These bytes belong to no character, so they may be cut anywhere.
  if ((static_cast<std::uint8_t>(text[size]) & 0xc0) == 0x80) size = most;
  return text.substr(0, size);
}

std::string repaired(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto c = first(text);
    if (c.sound)
      out += text.substr(0, c.size);
    else
      out += "\xef\xbf\xbd";
    text.remove_prefix(c.size);
  }
  return out;
}

}  // namespace gof::utf8
