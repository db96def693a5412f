#include "cli/arguments/help.hpp"

#include "cli/arguments/commands.hpp"
#include "cli/arguments/exit_meanings.hpp"

#include <algorithm>

namespace gof::cli {
namespace {

constexpr std::size_t width = 80;          // of a terminal
constexpr std::size_t option_column = 34;  // of summaries, after the longest option
constexpr std::size_t details_column = 10;
constexpr std::size_t note_column = 40;  // of notes on examples, after the longest one

/// Appends words, broken into lines that begin at `column`; the caller has filled the first line up to it.
void add_words(std::string& out, std::size_t column, std::string_view words) {
  std::size_t at = column;
  bool first = true;
  while (!words.empty()) {
    const auto word = words.substr(0, words.find(' '));
    if (!first && at + 1 + word.size() > width) {
      out += '\n' + std::string(column, ' ');
      at = column;
      first = true;
    }
    if (!first) {
      out += ' ';
      ++at;
    }
    out += word;
    at += word.size();
    first = false;
    words.remove_prefix(std::min(words.size(), word.size() + 1));
  }
  out += '\n';
}

/// `left`, and `right` from `column` on; on a line below if `left` is too long.
void add_row(std::string& out, const std::string& left, std::size_t column, std::string_view right) {
  out += left;
  if (left.size() + 2 > column)
    out += '\n' + std::string(column, ' ');
  else
    out += std::string(column - left.size(), ' ');
  add_words(out, column, right);
}

void add_examples(std::string& out, std::span<const example> examples) {
  out += "\nEXAMPLES\n";
  for (const auto& e : examples) add_row(out, "  " + std::string(e.line), note_column, e.note);
}

/// One column for the option, one for its summary.
void add_short(std::string& out, const std::string& left, const option& o) {
  std::string right(o.summary);
  if (!o.fallback.empty()) right += " [" + std::string(o.fallback) + "]";
  add_row(out, left, option_column, right);
}

/// The option on a line of its own, with all details below it.
void add_full(std::string& out, const std::string& left, const option& o) {
  std::string text(o.summary);
  if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  text += '.';
  if (!o.details.empty()) text += ' ' + std::string(o.details);
  if (!o.fallback.empty()) text += " Default: " + std::string(o.fallback) + '.';
  if (const auto variable = o.environment_name(); !variable.empty()) text += " Variable: " + variable + '.';
  out += left + '\n' + std::string(details_column, ' ');
  add_words(out, details_column, text);
}

void add_option(std::string& out, const option& o, bool full) {
  std::string left = o.letter != 0 ? std::string("  -") + o.letter : "    ";
  if (!o.name.empty()) left += (o.letter != 0 ? ", --" : "  --") + std::string(o.name);
  if (!o.argument.empty()) left += ' ' + std::string(o.argument);
  full ? add_full(out, left, o) : add_short(out, left, o);
}

void add_options(std::string& out, verb of, bool full) {
  out += "\nOPTIONS\n";
  for (const auto& o : options())
    if (o.fits(of)) add_option(out, o, full);
}

void add_exit_codes(std::string& out, verb of) {
  out += "\nEXIT CODES\n";
  for (const auto& m : exit_meanings())
    if (overlap(m.verbs, of)) add_row(out, "  " + m.spelled(), 9, m.meaning);
}

std::string program_help(bool full) {
  std::string out = "usage: gof COMMAND [OPTIONS] [ARGUMENTS]\n";
  add_examples(out, program_examples());
  out += "\nCOMMANDS\n";
  for (const auto& c : commands()) add_row(out, "  " + std::string(c.name), 14, c.summary);
  out += "\nOPTIONS\n";
  for (const auto& o : options())
    if (o.verbs == every_verb && o.is_flag()) add_option(out, o, full);
  out += '\n';
  add_words(out, 0, "gof COMMAND -h tells the options of a command, gof COMMAND --help all about it.");
  if (full) add_exit_codes(out, every_verb);
  return out;
}

std::string command_help(const command& c, bool full) {
  std::string out;
  for (const auto& line : c.usage) out += (out.empty() ? "usage: " : "       ") + std::string(line) + '\n';
  add_examples(out, c.examples);
  if (full) out += "\nDESCRIPTION\n";
  for (const auto& paragraph : c.description) {
    if (!full) break;
    if (&paragraph != c.description.data()) out += '\n';
    out += "  ";
    add_words(out, 2, paragraph);
  }
  add_options(out, c.does, full);
  if (full) add_exit_codes(out, c.does);
  return out;
}

}  // namespace

std::string help_text(std::optional<verb> about, bool full) {
  return about ? command_help(command_of(*about), full) : program_help(full);
}

}  // namespace gof::cli
