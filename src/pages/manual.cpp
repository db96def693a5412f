#include "pages/manual.hpp"

#include "cli/arguments/exit_meanings.hpp"
#include "cli/arguments/option_values.hpp"
#include "pages/mdoc.hpp"

#include <algorithm>
#include <functional>
#include <vector>

namespace gof::pages {
namespace {

using cli::option;
using cli::verb;
using filter = std::function<bool(const option&)>;

constexpr std::string_view open_list = ".Bl -tag -width Ds\n";
constexpr std::string_view close_list = ".El\n";
constexpr std::string_view file_page = "gof.conf";

std::string page_name(const cli::command& of) {
  return "gof-" + std::string(of.name);
}

/// Everything before DESCRIPTION except the date.
std::string head(std::string_view page, std::string_view summary, std::span<const std::string_view> usage) {
  std::string title;
  for (const char c : page) title += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  std::string out = ".Dt " + title + " 1\n.Os\n.Sh NAME\n.Nm " + std::string(page) + "\n.Nd " +
                    std::string(summary) + "\n.Sh SYNOPSIS\n";
  for (auto line : usage) {
    for (bool first = true; !line.empty(); first = false) {
      const auto word = line.substr(0, line.find(' '));
      out += first ? ".Nm " + std::string(word) + '\n' : '.' + syntax(word) + '\n';
      line.remove_prefix(std::min(line.size(), word.size() + 1));
    }
  }
  return out;
}

std::string description(const cli::command& of) {
  std::string out;
  for (const auto& paragraph : of.description)
    out += (out.empty() ? "" : ".Pp\n") + prose(paragraph, page_name(of));
  return out;
}

std::string option_item(const option& o, std::string_view page) {
  std::string out = ".It";
  if (o.letter != 0) out += std::string(" Fl ") + o.letter;
  if (o.letter != 0 && !o.name.empty()) out += " ,";
  if (!o.name.empty()) out += " Fl " + literal(o.spelled().substr(1));
  if (!o.argument.empty()) out += ' ' + syntax(o.argument);
  std::string text = capitalized(o.summary) + '.';
  if (!o.details.empty()) text += ' ' + std::string(o.details);
  if (!o.fallback.empty()) text += " Default: " + std::string(o.fallback) + '.';
  return out + '\n' + prose(text, page);
}

std::string option_list(std::string_view page, const filter& which) {
  std::string out(open_list);
  for (const auto& o : cli::options())
    if (which(o)) out += option_item(o, page);
  return out.append(close_list);
}

/// The keys of [node] in short; the page of gof run has the details.
std::string key_list(const filter& which) {
  std::string out(open_list);
  for (const auto& o : cli::options()) {
    if (!o.fits(verb::run) || !cli::stands_in_files(o) || !which(o)) continue;
    std::string text = capitalized(o.summary) + '.';
    if (!o.fallback.empty()) text += " Default: " + std::string(o.fallback) + '.';
    out += ".It Cm " + literal(o.name) + " No = " + (o.is_flag() ? "Cm true" : syntax(o.argument)) + '\n' +
           prose(text, file_page);
  }
  return out.append(close_list);
}

/// Only the items, since a page may add others.
std::string variable_items(const filter& which) {
  std::string out;
  for (const auto& o : cli::options()) {
    const auto variable = o.environment_name();
    const auto item = ".It Ev " + variable + "\nAs\n.Fl " + literal(o.spelled().substr(1)) + " .\n";
    // An option that two commands explain differently still has one variable.
    if (!variable.empty() && which(o) && out.find(item) == out.npos) out += item;
  }
  return out;
}

std::string exit_list(std::string_view page, verb of) {
  std::string out = ".Bl -tag -width 128+n -compact\n";
  for (const auto& m : cli::exit_meanings())
    if (overlap(m.verbs, of)) out += ".It " + m.spelled() + '\n' + prose(capitalized(m.meaning) + '.', page);
  return out.append(close_list);
}

std::string example_blocks(std::string_view page, std::span<const cli::example> examples) {
  std::string out;
  for (const auto& e : examples)
    out += (out.empty() ? "" : ".Pp\n") + prose(capitalized(e.note) + ':', page) +
           ".Bd -literal -offset indent\n$ " + literal(e.line) + "\n.Ed\n";
  return out;
}

std::string command_list() {
  std::string out(open_list);
  for (const auto& c : cli::commands())
    out += ".It Xr " + page_name(c) + " 1\n" + prose(capitalized(c.summary) + '.', "gof");
  return out.append(close_list);
}

/// The pages of the commands; pages of other sections follow them.
std::string see_commands() {
  std::vector<std::string> pages;
  for (const auto& c : cli::commands()) pages.push_back(page_name(c));
  std::sort(pages.begin(), pages.end());
  std::string out;
  for (const auto& page : pages) out += ".Xr " + page + " 1 ,\n";
  return out;
}

}  // namespace

parts program_parts() {
  constexpr std::string_view usage[] = {"gof COMMAND [OPTIONS] [ARGUMENTS]", "gof help [COMMAND]"};
  return {{"head", head("gof", "TCP ports forwarded over an encrypted mesh of your own", usage)},
          {"commands", command_list()},
          {"see-commands", see_commands()},
          {"options",
           option_list("gof", [](const option& o) { return o.verbs == cli::every_verb && o.is_flag(); })},
          {"environment", variable_items([](const option&) { return true; })},
          {"exit-status", exit_list("gof", cli::every_verb)},
          {"examples", example_blocks("gof", cli::program_examples())}};
}

parts command_parts(const cli::command& of) {
  const auto page = page_name(of);
  const auto its_own = [&](const option& o) { return o.fits(of.does); };
  parts all{{"head", head(page, of.summary, of.usage)},
            {"description", description(of)},
            {"options", option_list(page, its_own)},
            {"exit-status", exit_list(page, of.does)},
            {"examples", example_blocks(page, of.examples)}};
  if (auto variables = variable_items(its_own); !variables.empty())
    all.emplace("environment", std::move(variables));
  return all;
}

parts file_parts() {
  return {{"shared-keys", key_list([](const option& o) { return !cli::is_of_one_node(o); })},
          {"own-keys", key_list(cli::is_of_one_node)}};
}

}  // namespace gof::pages
