#include "cli/arguments/option_values.hpp"

#include "base/nearest.hpp"
#include "base/pasted_ticket.hpp"
#include "cli/arguments/commands.hpp"
#include "cli/arguments/habits.hpp"
#include "forward/target.hpp"
#include "wire/ticket.hpp"

#include <boost/program_options.hpp>

#include <algorithm>

namespace gof::cli {
namespace {

namespace po = boost::program_options;
using forward::in_quotes;

std::string key_of(const option& o) {
  return o.name.empty() ? std::string(1, o.letter) : std::string(o.name);
}

const option* find(std::string_view key, verb of) {
  for (const auto& o : options())
    if (o.fits(of) && key_of(o) == key) return &o;
  return nullptr;
}

/// The table of options for Boost's parser.
po::options_description described(verb of) {
  po::options_description all;
  for (const auto& o : options()) {
    if (!o.fits(of)) continue;
    std::string names(o.name);
    if (o.letter != 0) names += std::string(",") + o.letter;
    po::value_semantic* takes = o.is_flag() ? static_cast<po::value_semantic*>(new po::untyped_value(true))
                                            : po::value<std::string>();
    all.add_options()(names.c_str(), takes, "");
  }
  return all;
}

problem unknown_option(std::string_view word, verb of) {
  word = word.substr(0, word.find('='));
  const auto& command = command_of(of);
  const auto bare = word.substr(std::min(word.find_first_not_of('-'), word.size()));
  for (const auto& o : options())
    if (o.name == bare && !o.fits(of))
      return {in_quotes(word) + " is no option of gof " + std::string(command.name)};
  if (const auto advice = advice_on_option(word, of); !advice.empty())
    return {"gof " + std::string(command.name) + " has no option " + in_quotes(word) + "; " +
            std::string(advice)};
  std::vector<std::string_view> names;
  for (const auto& o : options())
    if (o.fits(of) && !o.name.empty()) names.push_back(o.name);
  const auto near = nearest(bare, names);
  return {"unknown option " + in_quotes(word) +
          (near.empty() ? "; gof " + std::string(command.name) + " -h lists them"
                        : "; did you mean --" + std::string(near) + "?")};
}

problem in_words(const po::error_with_option_name& error, verb of) {
  auto name = error.get_option_name();
  if (name.size() == 3 && name.starts_with("--")) name.erase(0, 1);  // an option that is only a letter
  if (dynamic_cast<const po::unknown_option*>(&error) != nullptr) return unknown_option(name, of);
  if (const auto* syntax = dynamic_cast<const po::invalid_syntax*>(&error)) {
    switch (syntax->kind()) {
      case po::invalid_syntax::missing_parameter:
      case po::invalid_syntax::empty_adjacent_parameter: {
        const auto bare = name.substr(std::min(name.find_first_not_of('-'), name.size()));
        const auto* known = find(bare, of);
        return {name + " needs " + (known == nullptr ? "a value" : std::string(known->argument)) +
                " behind it"};
      }
      case po::invalid_syntax::extra_parameter: return {name + " takes no value"};
      default: break;
    }
  }
  return {in_quotes(name) + " is not understood"};
}

/// Parses values such as GOF_EPHEMERAL=1.
std::optional<bool> truth(std::string_view text) {
  for (const auto yes : {"1", "true", "yes", "on"})
    if (text == yes) return true;
  for (const auto no : {"0", "false", "no", "off"})
    if (text == no) return false;
  return std::nullopt;
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  for (;;) {
    const auto comma = list.find(',');
    parts.emplace_back(list.substr(0, comma));
    if (comma == list.npos) return parts;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace

result<option_values> option_values::parse(verb of, std::span<const std::string> words,
                                           const os::environment& variables) {
  option_values found;
  const auto known = described(of);
  // No abbreviations: a script must not change its meaning when an option is added.
  constexpr int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  try {
    const std::vector<std::string> copy(words.begin(), words.end());
    for (const auto& parsed : po::command_line_parser(copy).options(known).style(style).run().options) {
      if (parsed.position_key >= 0) {
        found.words_.insert(found.words_.end(), parsed.value.begin(), parsed.value.end());
        continue;
      }
      // An option that is only a letter keeps its dash.
      const auto key = parsed.string_key.substr(parsed.string_key.find_first_not_of('-'));
      auto& given = found.values_[key];
      given.of = find(key, of);
      given.texts.push_back(parsed.value.empty() ? std::string() : parsed.value.front());
    }
  } catch (const po::error_with_option_name& error) {
    return in_words(error, of);
  } catch (const po::error& error) {
    return problem{error.what()};
  }
  if (const auto read = found.read_environment(of, variables); !read) return read.error();
  return found;
}

result<void> option_values::read_environment(verb of, const os::environment& variables) {
  for (const auto& o : options()) {
    if (!o.fits(of) || !o.from_environment || values_.contains(o.name)) continue;
    const auto found = variables.find(o.environment_name());
    if (found == variables.end() || found->second.empty()) continue;
    value read{.of = &o, .texts = {found->second}, .from = origin::variable};
    if (o.is_flag()) {
      const auto on = truth(found->second);
      if (!on) return problem{found->first + "=" + in_quotes(found->second) + " is neither 1 nor 0"};
      if (!*on) continue;
    } else if (o.repeats) {
      read.texts = split(found->second);
    }
    values_.emplace(o.name, std::move(read));
  }
  return {};
}

bool stands_in_files(const option& o) {
  return !o.name.empty() && o.fits(verb::run) && o.name != "help" && o.name != "version" &&
         o.name != "config" && o.name != "check" && o.name != "ticket-file" && o.name != "verbose" &&
         o.name != "quiet";
}

bool is_of_one_node(const option& o) {
  constexpr std::string_view names[] = {"listen", "no-listen", "advertise", "control", "ready-fd"};
  return std::find(std::begin(names), std::end(names), o.name) != std::end(names);
}

namespace {

result<const option*> find_key(const config::configuration& file, const config::entry& one) {
  std::vector<std::string_view> names;
  for (const auto& o : options()) {
    if (!stands_in_files(o)) continue;
    if (o.name == one.key) return &o;
    names.push_back(o.name);
  }
  const auto near = nearest(one.key, names);
  return problem{file.place(one.line) + "unknown key " + in_quotes(one.key) + " in [node]" +
                 (near.empty() ? "; gof.conf(5) lists them" : "; did you mean " + std::string(near) + "?")};
}

}  // namespace

result<option_values> option_values::of_file(verb of, const config::configuration& file, bool named) {
  option_values found;
  for (const auto& one : file.node) {
    const auto known = find_key(file, one);
    if (!known) return known.error();
    const auto* here = find(one.key, of);
    if (here == nullptr || (is_of_one_node(*here) && !named && of != verb::run)) continue;
    if (const auto read = found.read_entry(*here, file, one); !read) return read.error();
  }
  return found;
}

result<void> option_values::read_entry(const option& o, const config::configuration& file,
                                       const config::entry& one) {
  const auto [at, fresh] = values_.try_emplace(std::string(o.name));
  auto& read = at->second;
  if (!fresh && !o.repeats) return problem{file.place(one.line) + one.key + " stands in [node] twice"};
  read.of = &o;
  read.from = origin::file;
  read.place = file.place(one.line);
  if (!o.is_flag()) {
    read.texts.push_back(one.value);
    return {};
  }
  const auto on = truth(one.value);
  if (!on) return problem{read.place + one.key + " = " + in_quotes(one.value) + " is neither true nor false"};
  if (*on)
    read.texts.emplace_back();
  else
    values_.erase(at);
  return {};
}

void option_values::fall_back_to(const option_values& file) {
  values_.insert(file.values_.begin(), file.values_.end());
}

std::optional<std::string> option_values::last(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second.texts.back();
}

std::vector<std::string> option_values::all(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second.texts;
}

result<std::optional<std::filesystem::path>> option_values::path(std::string_view name) const {
  const auto text = last(name);
  if (!text) return std::optional<std::filesystem::path>();
  if (text->empty()) return problem{told(name) + ": not the name of a file"};
  if (begins_like_ticket(*text))  // or problems of that file would repeat it
    return problem{told(name) + ": a ticket is not the name of a file"};
  return std::optional<std::filesystem::path>(*text);
}

std::size_t option_values::count(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? 0 : found->second.texts.size();
}

bool option_values::on_command_line(std::string_view name) const {
  const auto found = values_.find(name);
  return found != values_.end() && found->second.from == origin::line;
}

int option_values::precedence(std::string_view one, std::string_view other) const {
  return static_cast<int>(values_.find(one)->second.from) -
         static_cast<int>(values_.find(other)->second.from);
}

std::string option_values::source(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return {};
  const auto& given = found->second;
  switch (given.from) {
    case origin::file: return given.place + std::string(given.of->name);
    case origin::variable: return given.of->environment_name();
    case origin::line: break;
  }
  return given.of->spelled();
}

std::string option_values::told(std::string_view name) const {
  const auto text = last(name);
  const auto found = values_.find(name);
  const auto from = found == values_.end() ? origin::line : found->second.from;
  const char* between = from == origin::line ? " " : from == origin::variable ? "=" : " = ";
  return source(name) + between + in_quotes(text.value_or(""));
}

}  // namespace gof::cli
