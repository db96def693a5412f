#include "cli/arguments/command_parsers.hpp"
#include "cli/arguments/node_values.hpp"
#include "cli/arguments/peer_argument.hpp"

#include <charconv>

namespace gof::cli {

using forward::in_quotes;

namespace {

// ---------------------------------------------------------------- queries to a running node

result<void> read_query(const option_values& values, query_options& to) {
  to.json = values.count("json") > 0;
  return read_path(values, "control", to.control);
}

}  // namespace

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

namespace {

/// A single PEER and nothing after it; it may also be a name, which the running node knows.
result<peer_source> take_known_peer(const option_values& values, const parse_context& with) {
  std::span<const std::string> rest = values.words();
  std::optional<peer_source> found;
  const auto* alias = rest.empty() || !with.file ? nullptr : with.file->alias(rest.front());
  if (!rest.empty() && !looks_like_ticket(rest.front()) && alias == nullptr) {
    found = rest.front();
    rest = rest.subspan(1);
  } else {
    auto peer = take_peer(values, with, rest, "no PEER; write a ticket, or a name that gof peers lists");
    if (!peer) return peer.error();
    if (const auto* id = std::get_if<gof::peer>(&*peer))
      found = id->text();
    else
      found = std::get<daemon::ticket_source>(std::move(*peer));
  }
  if (!rest.empty()) return problem{in_quotes(rest.front()) + ": one PEER at a time"};
  return std::move(*found);
}

}  // namespace

result<parsed_command> parse_ping(const option_values& values, const parse_context& with) {
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
  ping.until_direct = values.count("until-direct") > 0;
  auto peer = take_known_peer(values, with);
  if (!peer) return peer.error();
  ping.peer = std::move(*peer);
  return parsed_command(std::move(ping));
}

result<parsed_command> parse_trace(const option_values& values, const parse_context& with) {
  trace_command trace;
  if (const auto read = read_query(values, trace.query); !read) return read.error();
  if (const auto read = read_duration(values, "timeout", trace.patience); !read) return read.error();
  auto peer = take_known_peer(values, with);
  if (!peer) return peer.error();
  trace.peer = std::move(*peer);
  return parsed_command(std::move(trace));
}

result<parsed_command> parse_completion(const option_values& values) {
  const auto& words = values.words();
  if (words.empty()) return problem{"no shell; write gof completion bash, zsh or fish"};
  if (words.size() > 1) return problem{in_quotes(words[1]) + ": gof completion takes one shell"};
  const auto& shell = words.front();
  if (shell != "bash" && shell != "zsh" && shell != "fish")
    return problem{in_quotes(shell) + ": there are completions for bash, zsh and fish"};
  return parsed_command(completion_command{shell});
}

result<parsed_command> parse_id(const option_values& values) {
  id_command id;
  if (const auto read = read_path(values, "key", id.key); !read) return read.error();
  id.json = values.count("json") > 0;
  if (!values.words().empty())
    return problem{in_quotes(values.words().front()) + ": gof id takes no argument"};
  return parsed_command(std::move(id));
}

result<parsed_command> parse_ticket(const option_values& values, const parse_context& with) {
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
  auto source = take_ticket(values, with.variables, words);
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
  return parsed_command(demo);
}

}  // namespace gof::cli
