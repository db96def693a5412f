#include "cli/arguments/commands.hpp"
#include "pages/completions.hpp"

namespace gof::pages {
namespace {

using cli::completion;

/// The kind of completion, as one word.
std::string kind_of(completion kind) {
  switch (kind) {
    case completion::nothing: break;
    case completion::file: return "file";
    case completion::address: return "address";
    case completion::duration: return "duration";
    case completion::choice: return "choice";
    case completion::live: return "live";
  }
  return "nothing";
}

/// What to offer as the value of each spelling of an option.
std::string arguments_of(const cli::option& o) {
  auto offered = '=' + kind_of(o.complete);
  for (const auto word : o.choices()) offered += ':' + std::string(word);
  const bool has_both = o.letter != 0 && !o.name.empty();
  return (has_both ? std::string(" -") + o.letter + offered : "") + ' ' + o.spelled() + offered;
}

std::string row_of(const cli::command& of) {
  std::string names;
  std::string takes;
  for (const auto& o : cli::options()) {
    if (!o.fits(of.does)) continue;
    if (o.letter != 0) names += std::string(" -") + o.letter;
    if (!o.name.empty()) names += ' ' + o.spelled();
    if (!o.is_flag()) takes += arguments_of(o);
  }
  return "    " + std::string(of.name) + ")\n      options='" + names.substr(1) + "'\n      takes='" + takes +
         " '\n      arguments=" + kind_of(of.words) + "\n      ;;\n";
}

}  // namespace

parts bash_parts() {
  std::string names;
  std::string rows;
  for (const auto& c : cli::commands()) {
    names += ' ' + std::string(c.name);
    rows += row_of(c);
  }
  return {{"commands", "_gof_commands='" + names.substr(1) + " help'\n"}, {"options", rows}};
}

}  // namespace gof::pages
