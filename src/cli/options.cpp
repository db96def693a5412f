#include "cli/options.hpp"

#include <algorithm>

namespace gof::cli {
namespace {

constexpr option table[] = {
    {.name = "join",
     .argument = "TICKET|HOST:PORT",
     .summary = "a member of the mesh to dial first; may be repeated",
     .details =
         "TICKET is a join ticket, as gof relay prints it, or - (read from stdin). Its network key is kept "
         "beside the key, in the place of one that was made here. HOST:PORT needs a network key: the one "
         "kept, or --network-key. In the environment several are joined by commas.",
     .verbs = lasting_verbs,
     .complete = completion::address,
     .repeats = true,
     .from_environment = true},
    {.name = "listen",
     .argument = "HOST:PORT",
     .fallback = "a free port, kept",
     .summary = "where links of the mesh are accepted; may be repeated",
     .details =
         "Without it a free port is taken once, kept in the state folder and taken again, so that tickets "
         "printed before stay good. In the environment several are joined by commas.",
     .verbs = verb::serve,
     .complete = completion::address,
     .repeats = true,
     .from_environment = true},
    {.name = "listen",
     .argument = "HOST:PORT",
     .fallback = "port 9999",
     .summary = "where links of the mesh are accepted; may be repeated",
     .details = "Without it 0.0.0.0:9999 and [::]:9999. In the environment several are joined by commas.",
     .verbs = verb::relay,
     .complete = completion::address,
     .repeats = true,
     .from_environment = true},
    {.name = "no-listen",
     .summary = "accept no links of the mesh, only make them",
     .details = "For a peer behind a NAT or a firewall; with --join.",
     .verbs = accepting_verbs,
     .from_environment = true},
    {.name = "advertise",
     .argument = "HOST:PORT",
     .summary = "put this address first in tickets; may be repeated",
     .details =
         "Where others dial this peer, besides the addresses found here: the name or port that a router "
         "forwards. In the environment several are joined by commas.",
     .verbs = accepting_verbs,
     .complete = completion::address,
     .repeats = true,
     .from_environment = true},
    {.name = "ticket-file",
     .argument = "FILE",
     .summary = "read the ticket from FILE instead of the command line",
     .details = "For machines shared with others, who may see command lines.",
     .verbs = verb::forward | verb::ticket | verb::connect | verb::ping | verb::trace,
     .complete = completion::file,
     .from_environment = true},
    {.name = "ticket-file",
     .argument = "FILE",
     .summary = "read a join ticket from FILE, as --join TICKET",
     .details = "For machines shared with others, who may see command lines.",
     .verbs = accepting_verbs,
     .complete = completion::file},
    {.letter = 'L',
     .argument = "SPEC",
     .summary = "a SPEC, as ssh -L has it; may be repeated",
     .verbs = verb::forward,
     .complete = completion::live,
     .repeats = true},
    {.name = "show",
     .summary = "print the ticket once more",
     .details = "That of the services NAME lists, joined by commas; without NAME the only one there is.",
     .verbs = verb::ticket},
    {.name = "new",
     .summary = "withdraw the ticket and print another",
     .details = "Holders of the old one are refused at once, also by a gof serve that runs.",
     .verbs = verb::ticket},
    {.name = "name",
     .argument = "NAME",
     .fallback = "host name",
     .summary = "what this peer is called in the mesh",
     .verbs = node_verbs,
     .from_environment = true},
    {.name = "key",
     .argument = "FILE",
     .fallback = "STATE/key",
     .summary = "the identity; made on first use",
     .details =
         "STATE is $XDG_STATE_HOME/gof, else $HOME/.local/state/gof, else /var/lib/gof. Grants, network key "
         "and port are kept beside the key, in the folder of FILE.",
     .verbs = node_verbs | verb::id | verb::ticket,
     .complete = completion::file,
     .from_environment = true},
    {.name = "ephemeral",
     .summary = "a new identity for this run; nothing is written",
     .verbs = node_verbs,
     .from_environment = true},
    {.name = "network-key",
     .argument = "FILE",
     .fallback = "beside the key",
     .summary = "the mesh's shared secret",
     .details =
         "Without it that of a join ticket, else that beside the key is used, which the first serve or relay "
         "makes. forward asks for it only to join.",
     .verbs = lasting_verbs,
     .complete = completion::file,
     .from_environment = true},
    {.name = "connect-timeout",
     .argument = "TIME",
     .fallback = "10s",
     .summary = "how long a connection may wait for the peer or its target",
     .details = "Then it is reset. TIME is a number with ms, s, m or h behind it; alone: seconds.",
     .verbs = node_verbs,
     .complete = completion::duration,
     .from_environment = true},
    {.name = "survive",
     .argument = "TIME",
     .fallback = "60s",
     .summary = "how long connections outlive the path between the peers",
     .details = "Then both ends are reset. The smaller of both peers' counts.",
     .verbs = node_verbs,
     .complete = completion::duration,
     .from_environment = true},
    {.name = "control",
     .argument = "PATH",
     .fallback = "RUN/PID.sock",
     .summary = "the socket on which gof status and others ask this node",
     .details = "RUN is $XDG_RUNTIME_DIR/gof, else $HOME/.local/state/gof/run, else /run/gof. For this user "
                "alone.",
     .verbs = lasting_verbs,
     .complete = completion::file,
     .from_environment = true},
    {.name = "control",
     .argument = "PATH",
     .fallback = "the only one",
     .summary = "the control socket of the node to ask",
     .details =
         "Without it that of the only node that runs for this user; if there are several they are listed.",
     .verbs = asking_verbs,
     .complete = completion::file,
     .from_environment = true},
    {.name = "watch", .summary = "show it again every second until it is ended", .verbs = verb::status},
    {.name = "check",
     .summary = "print nothing if all works; else say what does not, and end with 69",
     .details =
         "It follows probes and connections that went all the way to the peer, and is right within 5 s.",
     .verbs = verb::status},
    {.name = "count",
     .letter = 'c',
     .argument = "N",
     .fallback = "until it is ended",
     .summary = "how many times to ask",
     .verbs = verb::ping},
    {.name = "timeout",
     .argument = "TIME",
     .fallback = "10s",
     .summary = "how long to wait for an answer",
     .details = "TIME is a number with ms, s, m or h behind it; alone: seconds.",
     .verbs = verb::ping | verb::trace,
     .complete = completion::duration},
    {.name = "size",
     .argument = "SIZE",
     .fallback = "64M",
     .summary = "how much is sent, and comes back",
     .details = "A number with K, M or G behind it (1024 each); alone: bytes. From 1M to 64G.",
     .verbs = verb::demo},
    {.name = "ready-fd",
     .argument = "N",
     .summary = "a line is written to descriptor N once all is ready",
     .verbs = lasting_verbs,
     .from_environment = true},
    {.name = "json",
     .summary = "print a JSON object",
     .verbs = asking_verbs | verb::id | verb::ticket | verb::demo,
     .from_environment = true},
    {.name = "verbose",
     .letter = 'v',
     .summary = "log more; -vv: everything",
     .verbs = node_verbs,
     .repeats = true},
    {.name = "quiet",
     .letter = 'q',
     .summary = "log warnings and errors only; -qq: errors only",
     .verbs = node_verbs,
     .repeats = true},
    {.name = "log-level",
     .argument = "LEVEL",
     .one_of = "error|warn|info|debug|trace",
     .fallback = "info",
     .summary = "what is logged: error, warn, info, debug or trace",
     .verbs = node_verbs,
     .complete = completion::choice,
     .from_environment = true},
    {.name = "log-format",
     .argument = "text|json",
     .fallback = "text",
     .summary = "how log lines look, on stderr",
     .verbs = node_verbs,
     .complete = completion::choice,
     .from_environment = true},
    {.name = "color",
     .argument = "auto|always|never",
     .fallback = "auto",
     .summary = "colour in log lines; auto: on a terminal",
     .verbs = node_verbs,
     .complete = completion::choice,
     .from_environment = true},
    {.name = "color",
     .argument = "auto|always|never",
     .fallback = "auto",
     .summary = "colour in what is shown; auto: on a terminal",
     .verbs = verb::demo,
     .complete = completion::choice,
     .from_environment = true},
    {.name = "help", .letter = 'h', .summary = "this help, in short with -h", .verbs = every_verb},
    {.name = "version", .summary = "print the version", .verbs = every_verb},
};

}  // namespace

std::span<const option> options() {
  return table;
}

std::string option::spelled() const {
  return name.empty() ? std::string("-") + letter : "--" + std::string(name);
}

std::vector<std::string_view> option::choices() const {
  std::vector<std::string_view> words;
  if (complete != completion::choice) return words;
  for (auto rest = one_of.empty() ? argument : one_of; !rest.empty();) {
    words.push_back(rest.substr(0, rest.find('|')));
    rest.remove_prefix(std::min(rest.size(), words.back().size() + 1));
  }
  return words;
}

std::string option::environment_name() const {
  if (!from_environment) return {};
  std::string text = "GOF_";
  for (const char c : name) text += c == '-' ? '_' : static_cast<char>(c - 'a' + 'A');
  return text;
}

}  // namespace gof::cli
