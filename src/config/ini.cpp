#include "config/ini.hpp"

#include "forward/target.hpp"

#include <algorithm>

namespace gof::config {
namespace {

using forward::in_quotes;

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_text(std::string_view line) {
  return std::all_of(line.begin(), line.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\r'; });
}

/// Returns what is wrong with the heading of a section; empty: nothing.
std::string read_heading(std::string_view line, section& to) {
  if (!line.ends_with(']')) return "no ']' at the end of " + in_quotes(line);
  const auto inside = trimmed(line.substr(1, line.size() - 2));
  const auto blank = inside.find_first_of(blanks);
  to.kind = inside.substr(0, blank);
  if (blank != inside.npos) to.name = trimmed(inside.substr(blank));
  if (to.kind.empty()) return "an empty heading; it is [node], [serve NAME], [forward NAME] or [alias NAME]";
  return {};
}

std::string read_entry(std::string_view line, entry& to) {
  const auto equals = line.find('=');
  if (equals == line.npos) return in_quotes(line) + " is no KEY = VALUE";
  to.key = trimmed(line.substr(0, equals));
  to.value = trimmed(line.substr(equals + 1));
  if (to.key.empty()) return "no key before '='";
  if (to.value.empty()) return "no value behind " + to.key + " =";
  return {};
}

}  // namespace

std::string place_text(std::string_view file, std::size_t line) {
  return std::string(file) + ':' + std::to_string(line) + ": ";
}

result<std::vector<section>> parse_ini(std::string_view text, std::string_view file) {
  std::vector<section> all;
  std::size_t number = 0;
  const auto wrong = [&](const std::string& why) {
    return problem{place_text(file, number) + forward::without_tickets(why)};
  };
  while (!text.empty()) {
    ++number;
    const auto end = text.find('\n');
    const auto whole = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (!is_text(whole.substr(0, longest_line)))
      return wrong("not text; a configuration is lines of KEY = VALUE");
    if (whole.size() > longest_line)
      return wrong("a line longer than " + std::to_string(longest_line) + " bytes");
    const auto line = trimmed(whole);
    if (line.empty() || line.starts_with('#') || line.starts_with(';')) continue;
    if (line.starts_with('[')) {
      all.push_back({.kind = {}, .name = {}, .line = number, .entries = {}});
      if (const auto why = read_heading(line, all.back()); !why.empty()) return wrong(why);
      continue;
    }
    if (all.empty()) return wrong(in_quotes(line) + " stands before the first heading; begin with [node]");
    auto& made = all.back().entries.emplace_back();
    made.line = number;
    if (const auto why = read_entry(line, made); !why.empty()) return wrong(why);
  }
  return all;
}

}  // namespace gof::config
