#include "cli/options.hpp"

namespace gof::cli {
namespace {

constexpr option table[] = {
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
    {.name = "ticket-file",
     .argument = "FILE",
     .summary = "read the ticket from FILE instead of the command line",
     .details = "For machines shared with others, who may see command lines.",
     .verbs = verb::forward | verb::ticket,
     .complete = completion::file,
     .from_environment = true},
    {.letter = 'L',
     .argument = "SPEC",
     .summary = "a SPEC, as ssh -L has it; may be repeated",
     .verbs = verb::forward,
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
     .verbs = every_verb,
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
     .details = "Without it that beside the key is used, and made by the first serve.",
     .verbs = verb::serve,
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
    {.name = "ready-fd",
     .argument = "N",
     .summary = "a line is written to descriptor N once all is ready",
     .verbs = node_verbs,
     .from_environment = true},
    {.name = "json",
     .summary = "print a JSON object",
     .verbs = verb::id | verb::ticket,
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
     .fallback = "info",
     .summary = "error, warn, info, debug or trace",
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

std::string option::environment_name() const {
  if (!from_environment) return {};
  std::string text = "GOF_";
  for (const char c : name) text += c == '-' ? '_' : static_cast<char>(c - 'a' + 'A');
  return text;
}

}  // namespace gof::cli
