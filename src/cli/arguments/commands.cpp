#include "cli/arguments/commands.hpp"

#include <algorithm>

namespace gof::cli {
namespace {

constexpr example of_program[] = {
    {"gof serve ssh=22", "on the machine with the service: prints a ticket"},
    {"gof forward TICKET 2222:ssh", "on the other one; then: ssh -p 2222 localhost"},
};

constexpr std::string_view serve_usage[] = {"gof serve [OPTIONS] [NAME=]TARGET..."};
constexpr example serve_examples[] = {
    {"gof serve ssh=22", "the SSH server of this machine"},
    {"gof serve web=8080 db=db.lan:5432", "two services with one ticket"},
    {"gof serve docker=/run/docker.sock", "a unix socket"},
    {"gof serve 5000-5010", "eleven ports, each called by its number"},
    {"gof serve --join TICKET 22", "reached through the relay of that ticket"},
};
constexpr std::string_view serve_description[] = {
    "Offers services of this machine, or of others it reaches, to whoever holds the ticket. The ticket is "
    "printed on "
    "stdout, one line; the same services give the same ticket again.",
    "TARGET is PORT, HOST:PORT, [IPV6]:PORT, unix:PATH, unix:@NAME or /PATH; a port alone means localhost. "
    "5000-5010 is a range. "
    "NAME is of lower-case letters, digits and '-'; without it a service is called by its port or file "
    "name."};

constexpr std::string_view forward_usage[] = {"gof forward [OPTIONS] TICKET [SPEC...]",
                                              "gof forward [OPTIONS] --ticket-file FILE [SPEC...]"};
constexpr example forward_examples[] = {
    {"gof forward TICKET 2222:ssh", "service ssh on port 2222 of this machine"},
    {"gof forward TICKET", "every service on its own port"},
    {"gof forward TICKET 0:web", "any free port; it is told once ready"},
    {"gof forward TICKET '*:8080:web'", "for other machines too"},
    {"gof forward TICKET /tmp/db.sock:db", "a unix socket to listen on"},
    {"gof forward - 2222:ssh <ticket", "the ticket from stdin"},
};
constexpr std::string_view forward_description[] = {
    "Listens on this machine and carries each connection to a service of the peer that made the ticket.",
    "SPEC is [BIND:]LOCAL[:REMOTE]. LOCAL is a port, 0 for any free one, a range, the path of a unix "
    "socket, or unix:@NAME. "
    "REMOTE is the name of a service; without it the ticket's only service is meant, else the one named like "
    "LOCAL. "
    "BIND is the address to listen on, * for all of IPv4 and IPv6; without it 127.0.0.1 and ::1. Without any "
    "SPEC every "
    "service of "
    "the ticket gets its own port, or a free one when that is below 1024.",
    "TICKET may be - (read from stdin). It is left out, and all arguments are SPECs, with --ticket-file and "
    "where the variable GOF_TICKET holds it."};

constexpr std::string_view relay_usage[] = {"gof relay [OPTIONS]"};
constexpr example relay_examples[] = {
    {"gof relay", "on a machine that all others reach"},
    {"gof serve --join TICKET 22", "then on one that nobody reaches"},
    {"gof relay --advertise relay.example:9999", "called by this name in tickets"},
};
constexpr std::string_view relay_description[] = {
    "Passes on what other peers send each other; it can read none of it. Prints a join ticket on stdout, one "
    "line, the same each time.",
    "The join ticket holds the network key: who has it is a member of the mesh, may relay, serve and join "
    "others. Give it to machines of your own; whom a service is for gets the ticket of gof serve."};

constexpr std::string_view run_usage[] = {"gof run [OPTIONS] [FILE]"};
constexpr example run_examples[] = {
    {"gof run", "what stands in ~/.config/gof/gof.conf"},
    {"gof run /etc/gof/site.conf", "what stands in that file"},
    {"gof run --check site.conf", "is it right? before it is read again"},
};
constexpr std::string_view run_description[] = {
    "Does all that a configuration file asks for, in one node: offers each [serve], listens for each "
    "[forward], and relays for other members of its mesh. FILE is the one of --config where it is left out; "
    "gof.conf(5) has its format.",
    "Each [serve] has a ticket of its own, which gof ticket --show NAME prints. A [forward] that is refused "
    "is told, and tried again: nothing but a signal ends this command once it is up.",
    "On SIGHUP the file is read again. What is new is begun, what is gone takes no new connections, and what "
    "stayed goes on untouched; of [node] nothing counts before the next start, which is told. A file with an "
    "error changes nothing."};

constexpr std::string_view server_usage[] = {"gof server [OPTIONS] [-a HOST] -f PORT"};
constexpr example server_examples[] = {
    {"gof server -f 22", "as gof serve 22"},
    {"gof server -a db.lan -f 5432", "as gof serve db.lan:5432"},
};
constexpr std::string_view server_description[] = {
    "The name that users of gossip-port-forward know for gof serve."};

constexpr std::string_view client_usage[] = {"gof client [OPTIONS] -c TICKET [-l PORT]"};
constexpr example client_examples[] = {
    {"gof client -c TICKET -l 2222", "as gof forward TICKET 2222"},
};
constexpr std::string_view client_description[] = {
    "The name that users of gossip-port-forward know for gof forward."};

constexpr std::string_view both_usage[] = {"gof both [OPTIONS] -c TICKET [-l PORT] [-a HOST] -f PORT"};
constexpr example both_examples[] = {
    {"gof both --join TICKET -c TICKET -l 2222 -f 80", "serve port 80, and forward 2222"},
};
constexpr std::string_view both_description[] = {
    "gof server and gof client in one process, as gossip-port-forward has them. TICKET is one of this node's "
    "own mesh: join that with --join. For more than one of each there is gof run."};

constexpr std::string_view connect_usage[] = {"gof connect [OPTIONS] TICKET [SERVICE]",
                                              "gof connect [OPTIONS] --ticket-file FILE [SERVICE]"};
constexpr example connect_examples[] = {
    {"gof connect TICKET ssh", "one connection on stdin and stdout"},
    {"ssh -o ProxyCommand='gof connect TICKET ssh' me@home", "ssh without a port on this machine"},
    {"gof connect TICKET <question >answer", "in a pipe"},
};
constexpr std::string_view connect_description[] = {
    "Joins stdin and stdout with one connection to a service of the peer that made the ticket. SERVICE may "
    "be left out when the ticket has only one.",
    "The end of stdin is passed on, and what still comes is written: it ends when the other side has closed "
    "too. A connection that was reset ends with 1, one that was refused with 69."};

constexpr std::string_view status_usage[] = {"gof status [OPTIONS]"};
constexpr example status_examples[] = {
    {"gof status", "what the running node does, and what is wrong"},
    {"gof status --watch", "the same, every second"},
    {"gof status --check || echo down", "for scripts and monitoring"},
    {"gof status --json", "for programs"},
};
constexpr std::string_view status_description[] = {
    "Asks the node that runs on this machine for this user how it stands: its forwards and services, the "
    "peers it talks with and by which path, its links. A forward is called ready only while its peer answers "
    "probes end to end and its target took the last connection."};

constexpr std::string_view peers_usage[] = {"gof peers [OPTIONS]"};
constexpr example peers_examples[] = {
    {"gof peers", "who is in the mesh, and by which path"},
    {"gof peers --json", "for programs"},
};
constexpr std::string_view peers_description[] = {
    "Lists the peers of the mesh as the node that runs on this machine knows them: name, services, path, "
    "round trip. What a peer says of itself is not checked; its id is."};

constexpr std::string_view ping_usage[] = {"gof ping [OPTIONS] PEER"};
constexpr example ping_examples[] = {
    {"gof ping -c 3 TICKET", "is the peer of that ticket there?"},
    {"gof ping home", "one that the running node knows by name"},
    {"gof ping --until-direct home", "until no relay is on the way"},
};
constexpr std::string_view ping_description[] = {
    "Measures the round trip to the peer itself, end to end, once a second, and tells by which path. PEER is "
    "a ticket, or the name of a peer in the mesh of the node that runs on this machine, its id, or the "
    "first 8 characters of its id or more."};

constexpr std::string_view trace_usage[] = {"gof trace [OPTIONS] PEER"};
constexpr example trace_examples[] = {
    {"gof trace TICKET", "the relays on the way, and how far each is"},
    {"gof trace home", "the same of a peer the running node knows"},
};
constexpr std::string_view trace_description[] = {
    "Shows the path to the peer hop by hop: each relay with the round trip of the link that leads to it, as "
    "its ends measure it, and the peer with the round trip of the whole path. PEER is as in gof ping."};

constexpr std::string_view id_usage[] = {"gof id [OPTIONS]"};
constexpr example id_examples[] = {
    {"gof id", "this peer's id"},
    {"gof id --key /etc/gof/key", "that of another key"},
};
constexpr std::string_view id_description[] = {
    "Prints the peer id: the public half of the key, 52 characters. The key is made when there is none."};

constexpr std::string_view ticket_usage[] = {"gof ticket [OPTIONS] TICKET|-",
                                             "gof ticket [OPTIONS] --show [NAME]",
                                             "gof ticket [OPTIONS] --new [NAME]"};
constexpr example ticket_examples[] = {
    {"gof ticket --show", "print the ticket of gof serve once more"},
    {"gof ticket --new ssh", "withdraw the one for ssh, print another"},
    {"gof ticket - <ticket", "what a ticket opens, without its secrets"},
};
constexpr std::string_view ticket_description[] = {
    "Prints, replaces or explains tickets. NAME is the name of a service; when several tickets have it, the "
    "names of "
    "all services of one, joined by commas."};

constexpr std::string_view completion_usage[] = {"gof completion SHELL"};
constexpr example completion_examples[] = {
    {"gof completion bash >gof.bash", "then: source gof.bash"},
    {"gof completion zsh >_gof", "in a folder of zsh's variable fpath"},
    {"gof completion fish >gof.fish", "in ~/.config/fish/completions"},
};
constexpr std::string_view completion_description[] = {
    "Prints the completion script for SHELL, which is bash, zsh or fish. Packages install all three, and the "
    "shells find them there."};

constexpr std::string_view demo_usage[] = {"gof demo [OPTIONS]"};
constexpr example demo_examples[] = {
    {"gof demo", "does it work here, and how fast?"},
    {"gof demo --size 1M --json", "a short one, for programs"},
};
constexpr std::string_view demo_description[] = {
    "Runs a whole mesh in this process, on 127.0.0.1: a server, two relays and a client, where server and "
    "client meet by a relay only. Random bytes go to the server and come back, and their SHA-256 is "
    "compared. "
    "In the middle the relay that carries them is closed, and the rest goes by the other one.",
    "It ends with 0 only if every byte was right and the path did change. No file is read or written, and "
    "nothing outside this process is reached."};

constexpr command command_table[] = {
    {verb::serve, "serve", "offer local services to the mesh; print a ticket", serve_usage, serve_examples,
     serve_description, completion::nothing},
    {verb::forward, "forward", "listen here, carry connections to services of a peer", forward_usage,
     forward_examples, forward_description},
    {verb::relay, "relay", "relay between peers; print a ticket to join by", relay_usage, relay_examples,
     relay_description, completion::nothing},
    {verb::run, "run", "serve and forward as a configuration file says", run_usage, run_examples,
     run_description, completion::file},
    {verb::connect, "connect", "join stdin and stdout with a service of a peer", connect_usage,
     connect_examples, connect_description},
    {verb::status, "status", "tell what the running node does", status_usage, status_examples,
     status_description, completion::nothing},
    {verb::peers, "peers", "list who is in the mesh", peers_usage, peers_examples, peers_description,
     completion::nothing},
    {verb::ping, "ping", "measure the round trip to a peer", ping_usage, ping_examples, ping_description},
    {verb::trace, "trace", "show the path to a peer, hop by hop", trace_usage, trace_examples,
     trace_description},
    {verb::id, "id", "print this peer's id", id_usage, id_examples, id_description, completion::nothing},
    {verb::ticket, "ticket", "print, replace or explain a ticket", ticket_usage, ticket_examples,
     ticket_description},
    {verb::server, "server", "serve, as gossip-port-forward called it", server_usage, server_examples,
     server_description, completion::nothing},
    {verb::client, "client", "forward, as gossip-port-forward called it", client_usage, client_examples,
     client_description, completion::nothing},
    {verb::both, "both", "server and client in one process", both_usage, both_examples, both_description,
     completion::nothing},
    {verb::demo, "demo", "show a mesh at work in one process, checked", demo_usage, demo_examples,
     demo_description, completion::nothing},
    {verb::completion, "completion", "print the completion script of a shell", completion_usage,
     completion_examples, completion_description, completion::nothing},
};

}  // namespace

std::span<const command> commands() {
  return command_table;
}

const command& command_of(verb does) {
  return *std::find_if(std::begin(command_table), std::end(command_table),
                       [&](const command& c) { return c.does == does; });
}

std::span<const example> program_examples() {
  return of_program;
}

}  // namespace gof::cli
