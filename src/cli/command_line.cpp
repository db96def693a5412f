#include "cli/command_line.hpp"

#include "cli/commands.hpp"
#include "cli/mesh_values.hpp"
#include "base/nearest.hpp"
#include "cli/node_values.hpp"
#include "wire/any_ticket.hpp"

#include <algorithm>
#include <charconv>

namespace gof::cli {
namespace {

using forward::in_quotes;

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

result<parsed_command> parse_connect(const option_values& values, const environment& variables) {
  connect_command connect;
  auto node = read_node(values);
  if (!node) return node.error();
  connect.node = std::move(*node);
  std::span<const std::string> rest = values.words();
  auto ticket = take_ticket(values, variables, rest);
  if (!ticket) return ticket.error();
  if (!*ticket) return problem{"no ticket; write the one that gof serve printed: gof connect TICKET ssh"};
  if (std::holds_alternative<wire::join_ticket>(**ticket))
    return wire::ticket_form::misplaced(wire::ticket_form::kind::join);
  if (std::holds_alternative<standard_input>(**ticket))
    return problem{"-: stdin is what goes to the service; give the ticket with --ticket-file"};
  connect.ticket = std::move(**ticket);
  if (rest.size() > 1) return problem{in_quotes(rest[1]) + ": gof connect takes one SERVICE"};
  if (!rest.empty()) connect.service = rest.front();
  return parsed_command(std::move(connect));
}

// ---------------------------------------------------------------- questions to a running node

result<void> read_query(const option_values& values, query_options& to) {
  to.json = values.count("json") > 0;
  return read_path(values, "control", to.control);
}

result<parsed_command> parse_status(const option_values& values) {
  status_command status;
  if (const auto read = read_query(values, status.query); !read) return read.error();
  status.watch = values.count("watch") > 0;
  status.check = values.count("check") > 0;
  if (status.watch && status.check) return problem{"--watch and --check contradict each other"};
  if (!values.words().empty())
    return problem{in_quotes(values.words().front()) + ": gof status takes no argument"};
  return parsed_command(std::move(status));
}

result<parsed_command> parse_peers(const option_values& values) {
  peers_command peers;
  if (const auto read = read_query(values, peers.query); !read) return read.error();
  if (!values.words().empty())
    return problem{in_quotes(values.words().front()) + ": gof peers takes no argument"};
  return parsed_command(std::move(peers));
}

/// One PEER, and nothing behind it.
result<peer_source> take_peer(const option_values& values, const environment& variables) {
  std::span<const std::string> rest = values.words();
  std::optional<peer_source> found;
  if (!rest.empty() && !looks_like_ticket(rest.front())) {
    found = rest.front();
    rest = rest.subspan(1);
  } else {
    auto ticket = take_ticket(values, variables, rest);
    if (!ticket) return ticket.error();
    if (!*ticket) return problem{"no PEER; write a ticket, or a name that gof peers lists"};
    if (std::holds_alternative<wire::join_ticket>(**ticket))
      return wire::ticket_form::misplaced(wire::ticket_form::kind::join);
    found = std::move(**ticket);
  }
  if (!rest.empty()) return problem{in_quotes(rest.front()) + ": one PEER at a time"};
  return std::move(*found);
}

result<parsed_command> parse_ping(const option_values& values, const environment& variables) {
  ping_command ping;
  if (const auto read = read_query(values, ping.query); !read) return read.error();
  if (const auto read = read_duration(values, "timeout", ping.patience); !read) return read.error();
  if (const auto text = values.last("count")) {
    unsigned count = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), count);
    if (error != std::errc{} || end != text->data() + text->size() || count == 0)
      return problem{values.told("count") + ": not a number from 1 on"};
    ping.count = count;
  }
  auto peer = take_peer(values, variables);
  if (!peer) return peer.error();
  ping.peer = std::move(*peer);
  return parsed_command(std::move(ping));
}

result<parsed_command> parse_trace(const option_values& values, const environment& variables) {
  trace_command trace;
  if (const auto read = read_query(values, trace.query); !read) return read.error();
  if (const auto read = read_duration(values, "timeout", trace.patience); !read) return read.error();
  auto peer = take_peer(values, variables);
  if (!peer) return peer.error();
  trace.peer = std::move(*peer);
  return parsed_command(std::move(trace));
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

result<parsed_command> parse_demo(const option_values& values) {
  demo_command demo;
  demo.json = values.count("json") > 0;
  if (const auto read = read_size(values, "size", demo.bytes); !read) return read.error();
  if (const auto read = read_color(values, demo.colors); !read) return read.error();
  if (!values.words().empty())
    return problem{in_quotes(values.words().front()) + ": gof demo takes no argument"};
  return parsed_command(std::move(demo));
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
  // No help or option is looked for: the words belong to a line that is still being written.
  if (first == complete_word)
    return parsed_command(complete_command{{std::next(words.begin()), words.end()}});
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
    case verb::connect: return parse_connect(*values, variables);
    case verb::status: return parse_status(*values);
    case verb::peers: return parse_peers(*values);
    case verb::ping: return parse_ping(*values, variables);
    case verb::trace: return parse_trace(*values, variables);
    case verb::id: return parse_id(*values);
    case verb::demo: return parse_demo(*values);
    case verb::ticket: break;
  }
  return parse_ticket(*values, variables);
}

}  // namespace gof::cli
