#include "cli/arguments/command_line.hpp"

#include "base/nearest.hpp"
#include "cli/arguments/command_parsers.hpp"
#include "cli/arguments/commands.hpp"
#include "cli/arguments/habits.hpp"
#include "cli/arguments/help.hpp"
#include "cli/arguments/located_config.hpp"
#include "cli/arguments/peer_argument.hpp"

#include <algorithm>

namespace gof::cli {
namespace {

using daemon::failure;
using daemon::or_fail;
using daemon::outcome;
using enum daemon::exit_code;
using forward::in_quotes;

/// Help and version take precedence over any mistake in the words.
std::optional<parsed_command> parse_help(std::optional<verb> about, std::span<const std::string> words) {
  for (const auto& word : words) {
    if (word == "--") break;
    if (word == "-h") return help_command{about, false};
    if (word == "--help") return help_command{about, true};
    if (word == "--version" || word == "-V") return version_command{};
  }
  return std::nullopt;
}

result<const command*> find_command(std::string_view word) {
  std::vector<std::string_view> names;
  for (const auto& command : commands()) {
    if (command.name == word) return &command;
    names.push_back(command.name);
  }
  const auto unknown = "unknown command " + in_quotes(word);
  if (const auto advice = advice_on_command(word); !advice.empty())
    return problem{unknown + "; " + std::string(advice)};
  const auto near = nearest(word, names);
  return problem{unknown +
                 (near.empty() ? "; gof -h lists them" : "; did you mean gof " + std::string(near) + "?")};
}

result<parsed_command> parse_bare_help(std::span<const std::string> words) {
  if (words.empty()) return parsed_command(help_command{std::nullopt, true});
  const auto about = find_command(words.front());
  if (!about) return about.error();
  return parsed_command(help_command{(*about)->does, true});
}

result<parsed_command> parse(verb of, const option_values& values, const parse_context& with,
                             const std::filesystem::path& path) {
  switch (of) {
    case verb::serve: return parse_serve(values, with);
    case verb::forward: return parse_forward(values, with);
    case verb::relay: return parse_relay(values);
    case verb::run: return parse_run(values, with, path);
    case verb::server: return parse_server(values, with);
    case verb::client: return parse_client(values, with);
    case verb::both: return parse_both(values, with);
    case verb::connect: return parse_connect(values, with);
    case verb::status: return parse_status(values);
    case verb::peers: return parse_peers(values);
    case verb::ping: return parse_ping(values, with);
    case verb::trace: return parse_trace(values, with);
    case verb::id: return parse_id(values);
    case verb::demo: return parse_demo(values);
    case verb::completion: return parse_completion(values);
    case verb::ticket: break;
  }
  return parse_ticket(values, with);
}

outcome<parsed_command> understand(std::span<const std::string> words, const os::environment& variables,
                                   const config_reader& files) {
  const auto wrong = [](const problem& what) { return failure{bad_command_line, what.what}; };
  if (words.empty()) return wrong({"no command\n" + help_text(std::nullopt, false)});
  const auto& first = words.front();
  if (first.starts_with('-')) {
    if (auto help = parse_help(std::nullopt, words.first(1))) return std::move(*help);
    const auto in_order = command_first(words);
    if (!in_order.empty()) return understand(in_order, variables, files);
    if (looks_like_ticket(first)) return wrong({"no command before the ticket; write: gof COMMAND ..."});
    return wrong({"no command after " + in_quotes(first.substr(0, first.find('='))) + "; gof -h lists them"});
  }
  if (first == "version" && words.size() == 1) return parsed_command(version_command{});
  // Help and options are not parsed here: the words belong to a line that is still being typed.
  if (first == complete_word)
    return parsed_command(complete_command{{std::next(words.begin()), words.end()}});
  if (first == "help") return or_fail(parse_bare_help(words.subspan(1)), bad_command_line);
  const auto command = find_command(first);
  if (!command) return wrong(command.error());
  const auto does = (*command)->does;
  const auto rest = words.subspan(1);
  if (auto help = parse_help(does, rest)) return std::move(*help);
  auto values = option_values::parse(does, rest, variables);
  if (!values) return wrong(values.error());
  if (values->count("help") > 0) return parsed_command(help_command{does, false});
  const auto found = locate_config(does, *values, files);
  if (!found) return found.error();
  if (does == verb::run && !found->what) return failure{bad_file, "there is no configuration to run"};
  values->fall_back_to(found->node);
  const auto* file = found->what ? &*found->what : nullptr;
  auto parsed = parse(does, *values, {variables, file}, found->path);
  // A problem that begins with a place in the file is the file's mistake.
  const bool in_file = !parsed && file && parsed.error().what.starts_with(file->file + ':');
  return or_fail(std::move(parsed), in_file ? bad_file : bad_command_line);
}

}  // namespace

outcome<parsed_command> parse_command_line(std::span<const std::string> words,
                                           const os::environment& variables, const config_reader& files) {
  auto understood = understand(words, variables, files);
  // Problems repeat the names of files and keys as the user wrote them.
  if (!understood) return failure{understood.error().code, forward::without_tickets(understood.error().what)};
  return understood;
}

}  // namespace gof::cli
