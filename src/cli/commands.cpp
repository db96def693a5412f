#include "cli/commands.hpp"

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
    "TARGET is PORT, HOST:PORT, [IPV6]:PORT, unix:PATH or /PATH; a port alone means localhost. 5000-5010 is "
    "a range. "
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
    "SPEC is [BIND:]LOCAL[:REMOTE]. LOCAL is a port, 0 for any free one, a range, or the path of a unix "
    "socket. "
    "REMOTE is the name of a service; without it the ticket's only service is meant, else the one named like "
    "LOCAL. "
    "BIND is the address to listen on, 127.0.0.1 when it is left out, * for all. Without any SPEC every "
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

constexpr command table[] = {
    {verb::serve, "serve", "offer local services to the mesh; print a ticket", serve_usage, serve_examples,
     serve_description},
    {verb::forward, "forward", "listen here, carry connections to services of a peer", forward_usage,
     forward_examples, forward_description},
    {verb::relay, "relay", "relay between peers; print a ticket to join by", relay_usage, relay_examples,
     relay_description},
    {verb::id, "id", "print this peer's id", id_usage, id_examples, id_description},
    {verb::ticket, "ticket", "print, replace or explain a ticket", ticket_usage, ticket_examples,
     ticket_description},
};

}  // namespace

std::span<const command> commands() {
  return table;
}

const command& command_of(verb does) {
  return *std::find_if(std::begin(table), std::end(table), [&](const command& c) { return c.does == does; });
}

std::span<const example> program_examples() {
  return of_program;
}

}  // namespace gof::cli
