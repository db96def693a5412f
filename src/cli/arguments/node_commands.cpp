#include "cli/arguments/command_parsers.hpp"
#include "cli/arguments/commands.hpp"
#include "cli/arguments/config_plan.hpp"
#include "cli/arguments/mesh_values.hpp"
#include "cli/arguments/node_values.hpp"

#include <algorithm>

namespace gof::cli {

using forward::in_quotes;

namespace {

/// The settings of every command that runs a node.
result<void> read_settings(verb of, const option_values& values, daemon::settings& to) {
  auto node = read_node(values);
  if (!node) return node.error();
  to.node = std::move(*node);
  auto mesh = read_mesh(of, values);
  if (!mesh) return mesh.error();
  to.mesh = std::move(*mesh);
  auto place = read_address(of, values, to.mesh);
  if (!place) return place.error();
  to.address = std::move(*place);
  return {};
}

/// PEER[=SERVICE,...]
result<void> read_allow(const option_values& values, const config::configuration* file,
                        daemon::allowances& to) {
  for (const auto& text : values.all("allow")) {
    const auto equals = text.find('=');
    const auto who = read_allowed(std::string_view(text).substr(0, equals), file);
    if (!who) return problem{values.source("allow") + ": " + who.error().what};
    if (equals == text.npos) {
      to[std::string(daemon::every_service)].insert(*who);
      continue;
    }
    for (std::size_t from = equals + 1; from <= text.size();) {
      const auto comma = std::min(text.find(',', from), text.size());
      const auto service = text.substr(from, comma - from);
      if (!forward::valid_name(service))
        return problem{values.source("allow") + ": " + in_quotes(service) + " is no name of a service"};
      to[service].insert(*who);
      from = comma + 1;
    }
  }
  return {};
}

result<parsed_command> serve_these(const option_values& values, const parse_context& with,
                                   std::span<const std::string> targets) {
  serve_command serve;
  if (const auto read = read_settings(verb::serve, values, serve); !read) return read.error();
  auto services = forward::service::parse(targets);
  if (!services) return services.error();
  serve.services = std::move(*services);
  if (const auto read = read_allow(values, with.file, serve.allow); !read) return read.error();
  return parsed_command(std::move(serve));
}

}  // namespace

result<parsed_command> parse_serve(const option_values& values, const parse_context& with) {
  if (values.words().empty()) return problem{"nothing to serve; write a TARGET: gof serve ssh=22"};
  return serve_these(values, with, values.words());
}

namespace {

/// -p PORT of a relay, for both families.
result<void> read_port(const option_values& values, daemon::address_settings& to) {
  const auto text = values.last("p");
  if (!text) return {};
  const auto port = forward::parse_port(*text);
  if (!port || *port == 0) return problem{values.told("p") + ": not a port from 1 to 65535"};
  if (!to.listen.empty() || to.no_listen)
    return problem{"-p and --listen or --no-listen contradict each other"};
  to.listen = {{"0.0.0.0", *port}, {"::", *port}};
  return {};
}

}  // namespace

result<parsed_command> parse_relay(const option_values& values) {
  relay_command relay;
  if (const auto read = read_settings(verb::relay, values, relay); !read) return read.error();
  if (const auto read = read_port(values, relay.address); !read) return read.error();
  if (!values.words().empty())
    return problem{in_quotes(values.words().front()) +
                   ": gof relay takes no argument; it offers no services (gof serve does)"};
  return parsed_command(std::move(relay));
}

namespace {

/// How to reach the PEER: as a guest by its ticket, or in a mesh that this node joins.
template <class Command>
result<void> read_client_access(const option_values& values, daemon::peer_argument&& peer, Command& to) {
  to.peer = std::move(peer);
  if (auto read = read_settings(verb::forward, values, to); !read) return read;
  // In the environment or a file it is meant for other commands.
  if (to.mesh.join.empty() && !values.on_command_line("listen")) to.address.listen.clear();
  if (to.address.listen.empty() && values.on_command_line("advertise"))
    return problem{"--advertise without --listen: nobody is let in here"};
  if (to.mesh.join.empty() && !to.address.listen.empty())
    return problem{values.source("listen") +
                   " without --join: a ticket's holder has no mesh to let others into"};
  if (to.mesh.join.empty() && std::holds_alternative<gof::peer>(to.peer))
    return problem{
        "a peer is reached by its id in a mesh that this node joins: add --join, or give a ticket"};
  return {};
}

result<forward_command> forward_these(const option_values& values, daemon::peer_argument peer,
                                      std::span<const std::string> words) {
  forward_command forward;
  if (const auto read = read_client_access(values, std::move(peer), forward); !read) return read.error();
  auto specs = forward::spec::parse(words);
  if (!specs) return specs.error();
  forward.specs = std::move(*specs);
  return forward;
}

}  // namespace

result<parsed_command> parse_forward(const option_values& values, const parse_context& with) {
  std::span<const std::string> rest = values.words();
  auto peer = take_peer(values, with, rest,
                        "no ticket; write the one that gof serve printed: gof forward TICKET 2222:ssh");
  if (!peer) return peer.error();
  std::vector<std::string> words(rest.begin(), rest.end());
  for (auto& word : values.all("L")) words.push_back(std::move(word));
  auto forward = forward_these(values, std::move(*peer), words);
  if (!forward) return forward.error();
  return parsed_command(std::move(*forward));
}

namespace {

// ---------------------------------------------------------------- options as in gossip-port-forward

/// [-a HOST] -f PORT
result<std::vector<std::string>> read_target(const option_values& values) {
  const auto port = values.last("f");
  if (!port) return problem{"no port to serve; write -f PORT"};
  const auto host = values.last("a");
  if (!host) return std::vector<std::string>{*port};
  const bool bare_ipv6 = host->find(':') != host->npos && !host->starts_with('[');
  return std::vector<std::string>{(bare_ipv6 ? '[' + *host + ']' : *host) + ':' + *port};
}

/// -c TICKET, an alias of one, or a ticket from elsewhere.
result<daemon::peer_argument> read_client_peer(const option_values& values, const parse_context& with) {
  std::vector<std::string> word;
  if (const auto given = values.last("c")) word.push_back(*given);
  std::span<const std::string> words = word;
  return take_peer(values, with, words, "no ticket; write the one that the other side printed: -c TICKET");
}

/// -l PORT
std::vector<std::string> read_client_specs(const option_values& values) {
  const auto local = values.last("l");
  return local ? std::vector<std::string>{*local} : std::vector<std::string>();
}

}  // namespace

result<parsed_command> parse_server(const option_values& values, const parse_context& with) {
  if (const auto none = refuse_words(values, "server"); !none) return none.error();
  const auto target = read_target(values);
  if (!target) return target.error();
  return serve_these(values, with, *target);
}

result<parsed_command> parse_client(const option_values& values, const parse_context& with) {
  if (const auto none = refuse_words(values, "client"); !none) return none.error();
  auto peer = read_client_peer(values, with);
  if (!peer) return peer.error();
  auto specs = read_client_specs(values);
  for (auto& word : values.all("L")) specs.push_back(std::move(word));
  auto forward = forward_these(values, std::move(*peer), specs);
  if (!forward) return forward.error();
  return parsed_command(std::move(*forward));
}

result<parsed_command> parse_both(const option_values& values, const parse_context& with) {
  if (const auto none = refuse_words(values, "both"); !none) return none.error();
  run_command both;
  if (const auto read = read_settings(verb::both, values, both); !read) return read.error();
  const auto target = read_target(values);
  if (!target) return target.error();
  auto services = forward::service::parse(*target);
  if (!services) return services.error();
  both.what.serves.push_back(std::move(*services));
  if (const auto read = read_allow(values, with.file, both.what.allow); !read) return read.error();
  auto peer = read_client_peer(values, with);
  if (!peer) return peer.error();
  auto specs = forward::spec::parse(read_client_specs(values));
  if (!specs) return specs.error();
  both.what.forwards.push_back({std::move(*peer), std::move(*specs), {}});
  return parsed_command(std::move(both));
}

// ---------------------------------------------------------------- from a configuration file

result<parsed_command> parse_run(const option_values& values, const parse_context& with,
                                 const std::filesystem::path& path) {
  run_command run;
  if (const auto read = read_settings(verb::run, values, run); !read) return read.error();
  daemon::allowances allow;
  if (const auto read = read_allow(values, with.file, allow); !read) return read.error();
  auto what = plan_of(*with.file);
  if (!what) return what.error();
  run.what = std::move(*what);
  run.check_only = values.count("check") > 0;
  run.file = followed_file{path, with.file->node, allow};
  for (const auto& [service, peers] : allow) run.what.allow[service].insert(peers.begin(), peers.end());
  return parsed_command(std::move(run));
}

result<parsed_command> parse_connect(const option_values& values, const parse_context& with) {
  connect_command connect;
  std::span<const std::string> rest = values.words();
  auto peer = take_peer(values, with, rest,
                        "no ticket; write the one that gof serve printed: gof connect TICKET ssh");
  if (!peer) return peer.error();
  if (const auto* ticket = std::get_if<daemon::ticket_source>(&*peer);
      ticket != nullptr && std::holds_alternative<daemon::standard_input>(*ticket))
    return problem{"-: stdin is what goes to the service; give the ticket with --ticket-file"};
  if (const auto read = read_client_access(values, std::move(*peer), connect); !read) return read.error();
  if (rest.size() > 1) return problem{in_quotes(rest[1]) + ": gof connect takes one SERVICE"};
  if (!rest.empty()) connect.service = rest.front();
  return parsed_command(std::move(connect));
}

}  // namespace gof::cli
