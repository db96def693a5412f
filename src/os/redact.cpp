#include "os/redact.hpp"

#include "base/pasted_ticket.hpp"

#include <algorithm>
#include <cstring>

namespace gof::os {
namespace {

/// A ticket has more than 200; user-chosen names of this length contain a '-', '.' or '/'.
constexpr std::ptrdiff_t shortest_secret = 40;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// White space, quotes, and whatever is not ASCII.
bool is_added_by_pasting(char c) {
  return static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7f || c == '"' ||
         c == '\'' || c == '`';
}

}  // namespace

bool redact_secrets(std::span<char> word) {
  bool found = false;
  bool in_ticket = false;  // one that was pasted with white space or quotes in it is in pieces
  for (auto at = word.begin(); at != word.end();) {
    const auto end = std::find_if_not(at, word.end(), is_alphanumeric);
    in_ticket = in_ticket || find_ticket({at, end}) != std::string_view::npos;
    if (in_ticket || end - at >= shortest_secret) {
      std::fill(at, end, '*');
      found = true;
    }
    at = std::find_if(end, word.end(), is_alphanumeric);
    in_ticket = in_ticket && std::all_of(end, at, is_added_by_pasting);
  }
  return found;
}

std::vector<std::string> take_arguments(int count, char** words) {
  std::vector<std::string> taken;
  for (int i = 1; i < count; ++i) {
    taken.emplace_back(words[i]);
    redact_secrets({words[i], std::strlen(words[i])});
  }
  return taken;
}

}  // namespace gof::os
