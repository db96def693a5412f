#include "cli/arguments/option.hpp"

#include <algorithm>

namespace gof::cli {

std::string option::spelled() const {
  return name.empty() ? std::string("-") + letter : "--" + std::string(name);
}

std::vector<std::string_view> option::choices() const {
  std::vector<std::string_view> words;
  if (complete != completion::choice) return words;
  for (auto rest = one_of.empty() ? argument : one_of; !rest.empty();) {
    words.push_back(rest.substr(0, rest.find('|')));
    rest.remove_prefix(std::min(rest.size(), words.back().size() + 1));
  }
  return words;
}

std::string option::environment_name() const {
  if (!from_environment) return {};
  std::string text = "GOF_";
  for (const char c : name) text += c == '-' ? '_' : static_cast<char>(c - 'a' + 'A');
  return text;
}

}  // namespace gof::cli
