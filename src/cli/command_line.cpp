#include "cli/command_line.hpp"

#include "cli/commands.hpp"
#include "cli/duration.hpp"
#include "cli/mesh_values.hpp"
#include "cli/nearest.hpp"
#include "wire/any_ticket.hpp"

#include <algorithm>
#include <charconv>

namespace gof::cli {
namespace {

using forward::in_quotes;

constexpr int first_free_descriptor = 3;  // behind stdin, stdout, stderr
constexpr std::size_t longest_peer_name = 63;

/// Puts a choice's word into `to`; untouched when the option was not given.
template <class Choice, std::size_t Count>
result<void> read_choice(const option_values& values, std::string_view name,
                         const std::pair<std::string_view, Choice> (&choices)[Count], Choice& to) {
  const auto text = values.last(name);
  if (!text) return {};
  std::string list;
  for (const auto& [word, choice] : choices) {
    if (word == *text) {
      to = choice;
      return {};
    }
    list += (list.empty() ? "" : ", ") + std::string(word);
  }
  return problem{values.told(name) + ": it is one of " + list};
}

result<void> read_duration(const option_values& values, std::string_view name,
                           std::chrono::milliseconds& to) {
  const auto text = values.last(name);
  if (!text) return {};
  const auto duration = parse_duration(*text);
  if (!duration || *duration == duration->zero())
    return problem{values.told(name) + ": not a time from 1ms to 24h; write 500ms, 10s, 2m or 1h"};
  to = *duration;
  return {};
}

result<void> read_path(const option_values& values, std::string_view name,
                       std::optional<std::filesystem::path>& to) {
  auto path = values.path(name);
  if (!path) return path.error();
  if (*path) to = std::move(*path);
  return {};
}

result<void> read_log(const option_values& values, log_options& to) {
  using level = log_options::level;
  constexpr std::pair<std::string_view, level> levels[] = {{"error", level::error},
                                                           {"warn", level::warning},
                                                           {"info", level::info},
                                                           {"debug", level::debug},
                                                           {"trace", level::trace}};
  constexpr std::pair<std::string_view, log_options::format> formats[] = {
      {"text", log_options::format::text}, {"json", log_options::format::json}};
  constexpr std::pair<std::string_view, log_options::color> colors[] = {
      {"auto", log_options::color::automatic},
      {"always", log_options::color::always},
      {"never", log_options::color::never}};
  const auto louder = values.count("verbose");
  const auto quieter = values.count("quiet");
  if (louder > 0 && quieter > 0) return problem{"-v and -q contradict each other"};
  if (auto read = read_choice(values, "log-level", levels, to.least); !read) return read;
  // The command line goes before the environment, also between different words for the same thing.
  if (!values.on_command_line("log-level")) {
    if (louder > 0) to.least = louder == 1 ? level::debug : level::trace;
    if (quieter > 0) to.least = quieter == 1 ? level::warning : level::error;
  }
  if (auto read = read_choice(values, "log-format", formats, to.lines); !read) return read;
  return read_choice(values, "color", colors, to.colors);
}

result<void> read_name(const option_values& values, std::optional<std::string>& to) {
  auto name = values.last("name");
  if (!name) return {};
  const bool plain = std::all_of(name->begin(), name->end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
  if (!plain || name->empty() || name->size() > longest_peer_name || name->starts_with('-'))
    return problem{values.told("name") +
                   ": a peer's name is of letters, digits, '.', '_' and '-', no '-' first, 63 "
                   "at most"};
  if (name->starts_with(wire::ticket::prefix))
    return problem{values.told("name") + ": 'gof1' begins a ticket"};
  to = std::move(name);
  return {};
}

result<void> read_ready_fd(const option_values& values, std::optional<int>& to) {
  const auto text = values.last("ready-fd");
  if (!text) return {};
  int number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size() || number < first_free_descriptor)
    return problem{values.told("ready-fd") + ": not the number of a descriptor from 3 on"};
  to = number;
  return {};
}

result<void> read_identity(const option_values& values, node_options& to) {
  to.ephemeral = values.count("ephemeral") > 0;
  if (auto read = read_path(values, "key", to.key); !read) return read;
  if (!to.ephemeral || !to.key) return {};
  if (values.on_command_line("ephemeral") == values.on_command_line("key"))
    return problem{"--ephemeral and --key contradict each other"};
  if (values.on_command_line("key"))
    to.ephemeral = false;
  else
    to.key.reset();
  return {};
}

result<node_options> read_node(const option_values& values) {
  node_options node;
  if (const auto read = read_name(values, node.name); !read) return read.error();
  if (const auto read = read_identity(values, node); !read) return read.error();
  if (const auto read = read_duration(values, "connect-timeout", node.connect_timeout); !read)
    return read.error();
  if (const auto read = read_duration(values, "survive", node.survive); !read) return read.error();
  if (const auto read = read_ready_fd(values, node.ready_fd); !read) return read.error();
  if (const auto read = read_log(values, node.log); !read) return read.error();
  return node;
}

/// What the commands that accept links have in common.
template <class Command>
result<void> read_member(verb of, const option_values& values, Command& to) {
  auto node = read_node(values);
  if (!node) return node.error();
  to.node = std::move(*node);
  auto mesh = read_mesh(of, values);
  if (!mesh) return mesh.error();
  to.mesh = std::move(*mesh);
  auto place = read_place(values, to.mesh);
  if (!place) return place.error();
  to.place = std::move(*place);
  return {};
}

result<parsed_command> parse_serve(const option_values& values) {
  serve_command serve;
  if (const auto read = read_member(verb::serve, values, serve); !read) return read.error();
  if (values.words().empty()) return problem{"nothing to serve; write a TARGET: gof serve ssh=22"};
  auto services = forward::service::parse(values.words());
  if (!services) return services.error();
  serve.services = std::move(*services);
  return parsed_command(std::move(serve));
}

result<parsed_command> parse_relay(const option_values& values) {
  relay_command relay;
  if (const auto read = read_member(verb::relay, values, relay); !read) return read.error();
  if (!values.words().empty())
    return problem{in_quotes(values.words().front()) +
                   ": gof relay takes no argument; it offers no services (gof serve does)"};
  return parsed_command(std::move(relay));
}

bool looks_like_ticket(std::string_view word) {
  return word == "-" || word.starts_with(wire::ticket::prefix);
}

/// Takes the ticket off the words, where it stands there.
result<std::optional<ticket_source>> take_ticket(const option_values& values, const environment& variables,
                                                 std::span<const std::string>& words) {
  std::optional<std::filesystem::path> file;
  if (const auto read = read_path(values, "ticket-file", file); !read) return read.error();
  const bool named_here = values.on_command_line("ticket-file");
  const bool first_is_ticket = !words.empty() && looks_like_ticket(words.front());
  if (named_here && first_is_ticket)
    return problem{"two tickets: one on the command line, one by --ticket-file"};
  const auto variable = variables.find(ticket_variable);
  const bool in_variable = variable != variables.end() && !variable->second.empty();

  std::string text;
  std::string source;
  if (first_is_ticket || (!file && !in_variable)) {
    if (words.empty()) return std::optional<ticket_source>();
    text = words.front();
    words = words.subspan(1);
    if (text == "-") return std::optional<ticket_source>(standard_input{});
  } else if (file) {
    return std::optional<ticket_source>(ticket_file{*file});
  } else {
    text = variable->second;
    source = variable->first + ": ";
  }
  auto parsed = wire::parse_any_ticket(text);
  if (!parsed && looks_like_ticket(text)) return problem{source + parsed.error().what};
  if (!parsed) return problem{source + in_quotes(text) + " is not a ticket: " + parsed.error().what};
  return std::visit([](auto& one) { return std::optional<ticket_source>(std::move(one)); }, *parsed);
}

result<parsed_command> parse_forward(const option_values& values, const environment& variables) {
  forward_command forward;
  auto node = read_node(values);
  if (!node) return node.error();
  forward.node = std::move(*node);
  std::span<const std::string> rest = values.words();
  auto ticket = take_ticket(values, variables, rest);
  if (!ticket) return ticket.error();
  if (!*ticket)
    return problem{"no ticket; write the one that gof serve printed: gof forward TICKET 2222:ssh"};
  if (std::holds_alternative<wire::join_ticket>(**ticket))
    return wire::ticket_form::misplaced(wire::ticket_form::kind::join);
  forward.ticket = std::move(**ticket);
  auto mesh = read_mesh(verb::forward, values);
  if (!mesh) return mesh.error();
  forward.mesh = std::move(*mesh);
  std::vector<std::string> words(rest.begin(), rest.end());
  for (auto& word : values.all("L")) words.push_back(std::move(word));
  auto specs = forward::spec::parse(words);
  if (!specs) return specs.error();
  forward.specs = std::move(*specs);
  return parsed_command(std::move(forward));
}

result<parsed_command> parse_id(const option_values& values) {
  id_command id;
  if (const auto read = read_path(values, "key", id.key); !read) return read.error();
  id.json = values.count("json") > 0;
  if (!values.words().empty())
    return problem{in_quotes(values.words().front()) + ": gof id takes no argument"};
  return parsed_command(std::move(id));
}

result<parsed_command> parse_ticket(const option_values& values, const environment& variables) {
  ticket_command ticket;
  if (const auto read = read_path(values, "key", ticket.key); !read) return read.error();
  ticket.json = values.count("json") > 0;
  const bool show = values.count("show") > 0;
  const bool replace = values.count("new") > 0;
  if (show && replace) return problem{"--show and --new contradict each other"};
  std::span<const std::string> words = values.words();
  if (show || replace) {
    const std::string action = show ? "--show" : "--new";
    if (values.on_command_line("ticket-file"))
      return problem{action + " and --ticket-file contradict each other"};
    std::optional<std::string> name;
    if (!words.empty()) name = words.front();
    if (name && looks_like_ticket(*name))
      return problem{action + " takes the NAME of a service, not a ticket"};
    if (words.size() > 1)
      return problem{in_quotes(words[1]) + ": " + action +
                     " takes one NAME; several services of one ticket are joined "
                     "by commas"};
    if (show)
      ticket.action = ticket_command::show{std::move(name)};
    else
      ticket.action = ticket_command::replace{std::move(name)};
    return parsed_command(std::move(ticket));
  }
  auto source = take_ticket(values, variables, words);
  if (!source) return source.error();
  if (!*source) return problem{"no ticket; write one, - (stdin), --show or --new: gof ticket --show"};
  if (!words.empty()) return problem{in_quotes(words.front()) + ": gof ticket explains one ticket at a time"};
  ticket.action = ticket_command::explain{std::move(**source)};
  return parsed_command(std::move(ticket));
}

/// Help and version win over whatever else is wrong with the words.
std::optional<parsed_command> parse_help(std::optional<verb> about, std::span<const std::string> words) {
  for (const auto& word : words) {
    if (word == "--") break;
    if (word == "-h") return help_command{about, false};
    if (word == "--help") return help_command{about, true};
    if (word == "--version") return version_command{};
  }
  return std::nullopt;
}

result<const command*> find_command(std::string_view word) {
  std::vector<std::string_view> names;
  for (const auto& command : commands()) {
    if (command.name == word) return &command;
    names.push_back(command.name);
  }
  const auto near = nearest(word, names);
  return problem{"unknown command " + in_quotes(word) +
                 (near.empty() ? "; gof -h lists them" : "; did you mean gof " + std::string(near) + "?")};
}

result<parsed_command> parse_bare_help(std::span<const std::string> words) {
  if (words.empty()) return parsed_command(help_command{std::nullopt, true});
  const auto about = find_command(words.front());
  if (!about) return about.error();
  return parsed_command(help_command{(*about)->does, true});
}

}  // namespace

result<parsed_command> parse_command_line(std::span<const std::string> words, const environment& variables) {
  if (words.empty()) return problem{"no command; gof -h lists them"};
  const auto& first = words.front();
  if (first.starts_with('-')) {
    if (auto help = parse_help(std::nullopt, words.first(1))) return std::move(*help);
    return problem{in_quotes(first) + " stands before the command; write: gof COMMAND " +
                   (looks_like_ticket(first) ? "..." : std::string(first.substr(0, first.find('='))))};
  }
  if (first == "help") return parse_bare_help(words.subspan(1));
  const auto command = find_command(first);
  if (!command) return command.error();
  const auto rest = words.subspan(1);
  if (auto help = parse_help((*command)->does, rest)) return std::move(*help);
  const auto values = option_values::parse((*command)->does, rest, variables);
  if (!values) return values.error();
  if (values->count("help") > 0) return parsed_command(help_command{(*command)->does, false});
  switch ((*command)->does) {
    case verb::serve: return parse_serve(*values);
    case verb::forward: return parse_forward(*values, variables);
    case verb::relay: return parse_relay(*values);
    case verb::id: return parse_id(*values);
    case verb::ticket: break;
  }
  return parse_ticket(*values, variables);
}

}  // namespace gof::cli
