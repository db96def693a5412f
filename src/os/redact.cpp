#include "os/redact.hpp"

#include <algorithm>
#include <cstring>

namespace gof::os {
namespace {

/// A ticket has more than 200; user-chosen names of this length contain a '-', '.' or '/'.
constexpr std::ptrdiff_t shortest_secret = 40;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

bool redact_secrets(std::span<char> word) {
  bool found = false;
  for (auto at = word.begin(); at != word.end();) {
    const auto end = std::find_if_not(at, word.end(), is_alphanumeric);
    if (end - at >= shortest_secret) {
      std::fill(at, end, '*');
      found = true;
    }
    at = std::find_if(end, word.end(), is_alphanumeric);
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
