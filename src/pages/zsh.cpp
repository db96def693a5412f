#include "cli/arguments/commands.hpp"
#include "pages/completions.hpp"

namespace gof::pages {
namespace {

using cli::completion;

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + '\'';
}

std::string escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) out += (special.find(c) == special.npos ? "" : "\\") + std::string(1, c);
  return out;
}

std::string action_of(completion kind) {
  switch (kind) {
    case completion::nothing:
    case completion::choice: break;
    case completion::file: return "_files";
    case completion::address: return "_gof_address";
    case completion::duration: return "_gof_duration";
    case completion::live: return "_gof_live";
  }
  return " ";
}

std::string argument_of(const cli::option& o) {
  auto action = action_of(o.complete);
  if (o.complete == completion::choice) {
    action.clear();
    for (const auto word : o.choices()) action += (action.empty() ? "(" : " ") + std::string(word);
    action += ')';
  }
  return ':' + escaped(o.argument, ":\\") + ':' + action;
}

/// One spelling of an option, for _arguments; `both`: all its spellings, of which one is enough.
std::string spec_of(const cli::option& o, const std::string& spelling, const std::string& both) {
  std::string spec = o.repeats ? "*" : both.empty() ? "" : '(' + both + ')';
  spec += spelling;
  if (!o.is_flag()) spec += spelling.starts_with("--") ? '=' : '+';
  spec += '[' + escaped(o.summary, "[]\\") + ']';
  if (!o.is_flag()) spec += argument_of(o);
  return " \\\n        " + quoted(spec);
}

std::string row_of(const cli::command& of) {
  std::string out = "    " + std::string(of.name) + ")\n      _arguments -s -S";
  for (const auto& o : cli::options()) {
    if (!o.fits(of.does)) continue;
    const auto letter = o.letter == 0 ? std::string() : std::string("-") + o.letter;
    const bool has_both = o.letter != 0 && !o.name.empty();
    const auto both = has_both ? letter + ' ' + o.spelled() : std::string();
    if (o.letter != 0) out += spec_of(o, letter, both);
    if (!o.name.empty()) out += spec_of(o, o.spelled(), both);
  }
  return out + " \\\n        " + quoted("*: :" + action_of(of.words)) + "\n      ;;\n";
}

}  // namespace

parts zsh_parts() {
  std::string list;
  std::string rows;
  for (const auto& c : cli::commands()) {
    list += "    " + quoted(escaped(c.name, ":\\") + ':' + std::string(c.summary)) + '\n';
    rows += row_of(c);
  }
  return {{"commands", list}, {"options", rows}};
}

}  // namespace gof::pages
