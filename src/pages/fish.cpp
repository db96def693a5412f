#include "cli/arguments/commands.hpp"
#include "pages/completions.hpp"

namespace gof::pages {
namespace {

using cli::completion;

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += (c == '\'' || c == '\\' ? "\\" : "") + std::string(1, c);
  return out + '\'';
}

/// What to offer, as options of complete(1); `words`: those of a choice.
std::string offer_of(completion kind, const std::string& words = {}) {
  switch (kind) {
    case completion::nothing: break;
    case completion::file: return " -F";
    case completion::address: return " -a '(__gof_address)'";
    case completion::duration: return " -a '(__gof_duration)'";
    case completion::choice: return " -a " + quoted(words);
    case completion::live: return " -a '(__gof_live)'";
  }
  return {};
}

std::string row_of(const cli::option& o) {
  std::string verbs;
  for (const auto& c : cli::commands())
    if (o.fits(c.does)) verbs += ' ' + std::string(c.name);
  std::string out = "complete -c gof -n '__gof_in" + verbs + '\'';
  if (o.letter != 0) out += std::string(" -s ") + o.letter;
  if (!o.name.empty()) out += " -l " + std::string(o.name);
  std::string words;
  for (const auto word : o.choices()) words += (words.empty() ? "" : " ") + std::string(word);
  if (!o.is_flag()) out += (o.complete == completion::file ? " -r" : " -x") + offer_of(o.complete, words);
  return out + " -d " + quoted(o.summary) + '\n';
}

}  // namespace

parts fish_parts() {
  std::string names;
  std::string arguments;
  for (const auto& c : cli::commands()) {
    names += "complete -c gof -n __gof_names -a " + std::string(c.name) + " -d " + quoted(c.summary) + '\n';
    if (c.words != completion::nothing)
      arguments += "complete -c gof -n '__gof_in " + std::string(c.name) + '\'' + offer_of(c.words) + '\n';
  }
  std::string rows;
  for (const auto& o : cli::options()) rows += row_of(o);
  return {{"commands", names}, {"arguments", arguments}, {"options", rows}};
}

}  // namespace gof::pages
