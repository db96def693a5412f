#include "pages/mdoc.hpp"

#include "cli/arguments/commands.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace gof::pages {
namespace {

constexpr std::size_t width = 79;  // of text lines; macro lines may be longer
constexpr std::string_view opening = "([";
constexpr std::string_view closing = ".,;:?!)";

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

/// A word, and the punctuation around it.
struct token {
  std::string_view before;
  std::string_view core;
  std::string_view after;

  explicit token(std::string_view word) {
    // A bracket that closes within the word belongs to it: [BIND:]LOCAL, [::]:9999.
    const bool opens = !word.empty() && opening.find(word[0]) != opening.npos &&
                       (word[0] != '[' || word.find(']') == word.npos);
    before = word.substr(0, opens ? 1 : 0);
    core = word.substr(before.size());
    const auto last = core.find_last_not_of(closing);
    after = core.substr(last == core.npos ? 0 : last + 1);
    core = core.substr(0, core.size() - after.size());
    // So does the parenthesis of a section: gof.conf(5).
    if (core.find('(') == core.npos || !after.starts_with(')')) return;
    core = word.substr(before.size(), core.size() + 1);
    after.remove_prefix(1);
  }
};

bool is_option(std::string_view word) {
  if (word.starts_with("--")) return word.size() > 2;
  return word.size() >= 2 && word.size() <= 3 && word[0] == '-' && (is_lower(word[1]) || is_upper(word[1]));
}

/// A word in capitals is a placeholder, unless it is always written so.
bool is_argument(std::string_view word) {
  constexpr std::array<std::string_view, 8> names = {"A", "HTTP", "I", "JSON", "NAT", "SSH", "TCP", "UDP"};
  const bool capitals = std::all_of(word.begin(), word.end(), [](char c) {
    return is_upper(c) || std::string_view("[]:|=.6").find(c) != std::string_view::npos;
  });
  return capitals && std::any_of(word.begin(), word.end(), is_upper) &&
         std::find(names.begin(), names.end(), word) == names.end();
}

bool is_command(std::string_view word) {
  const auto all = cli::commands();
  return std::any_of(all.begin(), all.end(), [&](const cli::command& c) { return c.name == word; });
}

/// Starts with a variable or a folder in capitals: $HOME/.config, STATE/key.
bool is_path(std::string_view word) {
  const auto slash = word.find('/');
  return word.starts_with('$') ||
         (slash != word.npos && slash > 0 && std::all_of(word.begin(), word.begin() + slash, is_upper));
}

/// gof.conf(5)
bool is_page(std::string_view word) {
  const auto open = word.find('(');
  return open != word.npos && open > 0 && word.size() == open + 3 && word.ends_with(')') &&
         word[open + 1] >= '1' && word[open + 1] <= '8';
}

std::string reference(std::string_view name, std::string_view section, std::string_view page) {
  return name == page ? "Nm " + std::string(name) : "Xr " + std::string(name) + ' ' + std::string(section);
}

/// The macro that marks up the word; empty: plain text.
std::string marked(std::string_view core, std::string_view page) {
  if (is_option(core)) return "Fl " + literal(core.substr(1));
  if (core.starts_with("GOF_")) return "Ev " + literal(core);
  if (is_page(core)) return reference(core.substr(0, core.size() - 3), core.substr(core.size() - 2, 1), page);
  if (is_path(core)) return "Pa " + literal(core);
  if (is_argument(core)) return "Ar " + literal(core);
  return {};
}

/// Whether the word follows a command as on a command line, not as in a sentence.
bool is_typed(std::string_view core) {
  return is_option(core) || is_argument(core) || core.find_first_of(":0123456789") != core.npos;
}

/// Output lines, filled word by word.
class lines {
 public:
  void add_text(std::string_view word, bool ends_sentence) {
    if (line_.size() + word.size() >= width) end_line();
    if (!line_.empty()) line_ += ' ';
    if (line_.empty() && (word.starts_with('.') || word.starts_with('\''))) line_ += "\\&";
    for (const char c : word) line_ += c == '\\' ? std::string("\\e") : std::string(1, c);
    if (ends_sentence) end_line();
  }
  void add_macro(const std::string& macro, const token& around) {
    end_line();
    line_ = '.' + macro.substr(0, 2);
    for (const char c : around.before) line_ += std::string(" ") + c;
    line_ += macro.substr(2);
    for (const char c : around.after) line_ += std::string(" ") + c;
    end_line();
  }
  std::string take() {
    end_line();
    return std::move(out_);
  }

 private:
  void end_line() {
    if (!line_.empty()) out_ += line_ + '\n';
    line_.clear();
  }

  std::string out_;
  std::string line_;
};

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    if (!word.empty()) words.push_back(word);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return words;
}

/// The words after "gof": a command, as a reference or with its arguments. Returns the number of words.
std::size_t add_command(lines& out, std::span<const std::string_view> words, std::string_view page) {
  std::string typed = "Ic gof " + std::string(words.front());
  std::size_t count = 1;
  for (bool ends = !token(words[0]).after.empty(); !ends && count < words.size(); ++count) {
    const token word(words[count]);
    if (!is_typed(word.core)) break;
    typed += ' ' + literal(word.core);
    ends = !word.after.empty();
  }
  const token last(words[count - 1]);
  out.add_macro(count == 1 ? reference("gof-" + std::string(last.core), "1", page) : typed, last);
  return count;
}

}  // namespace

std::string literal(std::string_view text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '\\': out += "\\e"; break;
      case '-': out += "\\-"; break;
      case '\'': out += "\\(aq"; break;
      case '"': out += "\\(dq"; break;
      case '`': out += "\\(ga"; break;
      case '^': out += "\\(ha"; break;
      case '~': out += "\\(ti"; break;
      default: out += c;
    }
  return out;
}

std::string syntax(std::string_view word) {
  std::string out;
  bool joins = false;  // to the text before it
  while (!word.empty()) {
    std::string piece;
    std::size_t size = 1;
    const bool closes = word[0] == ']';
    const bool opens = word[0] == '[';
    if (opens)
      piece = "Oo";
    else if (closes)
      piece = "Oc";
    else if (word.starts_with("..."))
      piece = "No ...", size = 3;
    else if (word[0] == '|')
      piece = "No \\&|";  // alone it would be a delimiter, with blanks around it
    else {
      size = std::min({word.size(), word.find_first_of("[]|"), word.find("...")});
      const auto run = word.substr(0, size);
      if (is_option(run))
        piece = "Fl " + literal(run.substr(1));
      else
        piece = (std::any_of(run.begin(), run.end(), is_upper) ? "Ar " : "Cm ") + literal(run);
    }
    if (!out.empty()) out += ' ';
    if (joins && !closes) out += "Ns ";
    out += piece;
    joins = !opens;
    word.remove_prefix(size);
  }
  return out;
}

std::string prose(std::string_view text, std::string_view page) {
  lines out;
  const auto words = split(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const token here(words[i]);
    if (words[i] == "gof" && i + 1 < words.size()) {
      const token next(words[i + 1]);
      if (is_command(next.core)) {
        i += add_command(out, std::span(words).subspan(i + 1), page);
        continue;
      }
    }
    if (const auto macro = marked(here.core, page); !macro.empty())
      out.add_macro(macro, here);
    else
      out.add_text(words[i], here.after.find('.') != here.after.npos);
  }
  return out.take();
}

std::string capitalized(std::string_view text) {
  std::string out(text);
  if (!out.empty() && is_lower(out[0])) out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

}  // namespace gof::pages
