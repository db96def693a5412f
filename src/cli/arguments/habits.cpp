#include "cli/arguments/habits.hpp"

#include "cli/arguments/commands.hpp"

#include <algorithm>
#include <iterator>

namespace gof::cli {
namespace {

constexpr std::string_view serves = "gof serve PORT offers a port of this machine";
constexpr std::string_view forwards = "gof forward TICKET listens here for the services of a ticket";
constexpr std::string_view starts = "gof serve, gof forward, gof relay or gof run starts a node";
constexpr std::string_view stops = "a node runs until Ctrl-C or SIGTERM; under systemd: systemctl stop gof";
constexpr std::string_view no_accounts = "gof has no accounts: whoever holds a ticket may use what it opens";
constexpr std::string_view joins = "joining is an option of a node: gof relay --join TICKET";
constexpr std::string_view lists = "gof peers lists the mesh, and gof status what runs here";
constexpr std::string_view checks = "gof status says what is wrong, and gof demo tries this machine";
constexpr std::string_view keys = "a key is made when it is first needed; gof id prints its public half";
constexpr std::string_view no_reverse =
    "this version forwards one way only: run gof serve where the target is, or ssh -R through a forwarded "
    "ssh port";
constexpr std::string_view no_socks =
    "this version has no SOCKS; ssh -D through a forwarded ssh port has: ssh -D 1080 -p 2222 localhost";
constexpr std::string_view no_udp = "this version carries TCP, not UDP";
constexpr std::string_view foreground =
    "gof stays in the foreground; for the background, use a systemd unit, or '&' of the shell";
constexpr std::string_view logs = "a node logs on stderr; -v says more";
constexpr std::string_view ticket_is_all =
    "the ticket is all that a client needs; there is no password beside it";
constexpr std::string_view encrypted = "gof always encrypts, and needs no certificate";

struct habit {
  std::string_view word;
  std::string_view advice;
};

constexpr habit of_commands[] = {
    {"expose", serves},
    {"share", serves},
    {"tunnel", serves},
    {"http", serves},
    {"https", serves},
    {"tcp", serves},
    {"tls", serves},
    {"local", serves},
    {"listen", serves},
    {"listen-tcp", serves},
    {"publish", serves},
    {"funnel", serves},
    {"open", forwards},
    {"access", forwards},
    {"connect-tcp", forwards},
    {"port-forward", forwards},
    {"attach", forwards},
    {"up", starts},
    {"start", starts},
    {"daemon", starts},
    {"down", stops},
    {"stop", stops},
    {"kill", stops},
    {"restart", stops},
    {"login", no_accounts},
    {"logout", no_accounts},
    {"auth", no_accounts},
    {"authtoken", no_accounts},
    {"account", no_accounts},
    {"join", joins},
    {"invite", joins},
    {"network", joins},
    {"ls", lists},
    {"list", lists},
    {"ps", lists},
    {"nodes", lists},
    {"info", lists},
    {"show", lists},
    {"netcheck", checks},
    {"doctor", checks},
    {"check", checks},
    {"test", checks},
    {"diagnose", checks},
    {"init", keys},
    {"keygen", keys},
    {"genkey", keys},
    {"whoami", keys},
    {"reverse", no_reverse},
    {"remote", no_reverse},
    {"socks", no_socks},
    {"socks5", no_socks},
    {"proxy", no_socks},
    {"udp", no_udp},
    {"listen-udp", no_udp},
    {"log", logs},
    {"logs", logs},
    {"ssh", "ssh goes through gof: ssh -o ProxyCommand='gof connect TICKET ssh' USER@HOST"},
    {"nc", "gof connect TICKET SERVICE joins stdin and stdout with a service"},
    {"dial", "gof connect TICKET SERVICE joins stdin and stdout with a service"},
    {"traceroute", "did you mean gof trace?"},
    {"config", "gof run --check FILE checks a configuration; gof.conf(5) describes it"},
    {"reload", "send SIGHUP to gof run, and it reads its file again"},
    {"revoke", "gof ticket --new SERVICE withdraws its ticket and prints another"},
    {"update", "gof is updated as it was installed, by apt or a new build"},
    {"upgrade", "gof is updated as it was installed, by apt or a new build"},
};

struct option_habit {
  std::string_view word;
  std::string_view advice;
  verb of = every_verb;
};

constexpr option_habit of_options[] = {
    {"-N", "leave it out: gof runs no remote command", node_verbs},
    {"-T", "leave it out: gof runs no remote command", node_verbs},
    {"-n", "leave it out: gof reads no stdin here", lasting_verbs},
    {"-f", foreground, lasting_verbs},
    {"-d", foreground, lasting_verbs},
    {"--daemon", foreground, lasting_verbs},
    {"--background", foreground, lasting_verbs},
    {"--detach", foreground, lasting_verbs},
    {"--bg", foreground, lasting_verbs},
    {"-R", no_reverse, node_verbs},
    {"--reverse", no_reverse, node_verbs},
    {"--remote", no_reverse, node_verbs},
    {"-D", no_socks, node_verbs},
    {"--socks", no_socks, node_verbs},
    {"--socks5", no_socks, node_verbs},
    {"-L", "it belongs to gof forward, on the other machine", serving_verbs | verb::relay},
    {"-W", "gof connect TICKET SERVICE joins stdin and stdout with a service", node_verbs},
    {"-g", "to listen for other machines too, write '*:PORT:SERVICE'", forwarding_verbs},
    {"--bind", "the address to listen on is part of SPEC: '*:8080:web'", forwarding_verbs},
    {"--address", "the address to listen on is part of SPEC: '*:8080:web'", forwarding_verbs},
    {"-p", "ports are arguments: gof serve 22, gof forward TICKET 2222:ssh", node_verbs},
    {"--port", "ports are arguments: gof serve 22, gof forward TICKET 2222:ssh", node_verbs},
    {"-C", "gof does not compress", node_verbs},
    {"--udp", no_udp, node_verbs},
    {"-u", no_udp, node_verbs},
    {"--token", ticket_is_all, node_verbs},
    {"--auth", ticket_is_all, node_verbs},
    {"--secret", ticket_is_all, node_verbs},
    {"--password", ticket_is_all, node_verbs},
    {"--tls", encrypted, node_verbs},
    {"--cert", encrypted, node_verbs},
    {"--debug", "write -v, or --log-level debug", node_verbs},
    {"--log", "write --log-level LEVEL; the log goes to stderr", node_verbs},
    {"--relay", "a relay is named by its ticket: --join TICKET", node_verbs},
    {"--server", "a relay is named by its ticket: --join TICKET", node_verbs},
};

/// How many words an option of the command takes with itself, 1 or 2.
std::size_t words_of(const std::string& word, verb of) {
  for (const auto& one : options()) {
    if (!one.fits(of)) continue;
    if (!one.name.empty() && word.starts_with("--")) {
      const auto name = std::string_view(word).substr(2, std::min(word.find('='), word.size()) - 2);
      if (name == one.name) return one.is_flag() || word.find('=') != word.npos ? 1 : 2;
    } else if (one.letter != 0 && word.size() > 1 && word[1] == one.letter) {
      return one.is_flag() || word.size() > 2 ? 1 : 2;
    }
  }
  return 1;  // the command will say that it has no such option
}

}  // namespace

std::string_view advice_on_command(std::string_view word) {
  const auto found = std::find_if(std::begin(of_commands), std::end(of_commands),
                                  [&](const habit& one) { return one.word == word; });
  return found == std::end(of_commands) ? std::string_view() : found->advice;
}

std::string_view advice_on_option(std::string_view word, verb of) {
  const auto written = word.starts_with("--") ? word.substr(0, word.find('=')) : word.substr(0, 2);
  const auto found = std::find_if(std::begin(of_options), std::end(of_options), [&](const option_habit& one) {
    return one.word == written && overlap(one.of, of);
  });
  return found == std::end(of_options) ? std::string_view() : found->advice;
}

std::vector<std::string> command_first(std::span<const std::string> words) {
  for (std::size_t at = 1; at < words.size(); ++at) {
    const auto found = std::find_if(commands().begin(), commands().end(),
                                    [&](const command& one) { return one.name == words[at]; });
    if (found == commands().end()) continue;
    std::size_t next = 0;
    while (next < at) {
      if (!words[next].starts_with('-')) break;
      next += words_of(words[next], found->does);
    }
    if (next != at) continue;
    std::vector<std::string> ordered{words[at]};
    ordered.insert(ordered.end(), words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at));
    ordered.insert(ordered.end(), words.begin() + static_cast<std::ptrdiff_t>(at) + 1, words.end());
    return ordered;
  }
  return {};
}

}  // namespace gof::cli
