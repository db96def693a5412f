#include "cli/arguments/mesh_values.hpp"

#include "base/pasted_ticket.hpp"
#include "cli/arguments/peer_argument.hpp"
#include "net/ticket_words.hpp"

#include <algorithm>

namespace gof::cli {
namespace {

using forward::in_quotes;

/// A HOST:PORT contains a colon, and a ticket does not.
bool is_ticket(std::string_view word) {
  return begins_like_ticket(word) && word.find(':') == word.npos;
}

result<wire::address> dialled_address(std::string_view text) {
  auto address = wire::address::parse(text);
  if (address && address->port == 0) return problem{in_quotes(text) + ": nobody is reached on port 0"};
  return address;
}

result<daemon::join_source> read_join(const std::string& text) {
  if (text == "-") return daemon::join_source(daemon::standard_input{});
  if (const auto file = file_of_ticket(text)) {
    if (file->empty() || begins_like_ticket(*file)) return problem{"ticket-file= without the name of a file"};
    return daemon::join_source(daemon::ticket_file{*file});
  }
  if (is_ticket(text)) {
    auto ticket = wire::join_ticket::parse(text);
    if (!ticket) return net::words_of(ticket.error());
    return daemon::join_source(std::move(*ticket));
  }
  auto address = dialled_address(text);
  if (!address)
    return problem{address.error().what + "; or a join ticket, which gof relay prints, or ticket-file=FILE"};
  return daemon::join_source(std::move(*address));
}

}  // namespace

result<daemon::mesh_settings> read_mesh(verb of, const option_values& values) {
  daemon::mesh_settings mesh;
  for (const auto& text : values.all("join")) {
    auto source = read_join(text);
    if (!source) return problem{values.source("join") + ": " + source.error().what};
    mesh.join.push_back(std::move(*source));
  }
  if (!overlap(of, reaching_verbs | verb::both)) {
    const auto file = values.path("ticket-file");
    if (!file) return file.error();
    if (*file) mesh.join.push_back(daemon::ticket_file{**file});
  }
  auto key = values.path("network-key");
  if (!key) return key.error();
  if (overlap(of, reaching_verbs) && mesh.join.empty()) {
    // In the environment it is meant for other commands.
    if (values.on_command_line("network-key"))
      return problem{"--network-key without --join: the ticket's services need no network key"};
    return mesh;
  }
  mesh.network_key = std::move(*key);
  return mesh;
}

result<daemon::address_settings> read_address(verb of, const option_values& values,
                                              const daemon::mesh_settings& mesh) {
  daemon::address_settings place;
  for (const auto& text : values.all("listen")) {
    auto address = wire::address::parse(text);
    if (!address) return problem{values.source("listen") + " " + address.error().what};
    place.listen.push_back(std::move(*address));
  }
  for (const auto& text : values.all("advertise")) {
    auto address = dialled_address(text);
    if (!address) return problem{values.source("advertise") + " " + address.error().what};
    place.advertise.push_back(std::move(*address));
  }
  if (place.advertise.size() > wire::ticket_form::most_addresses)
    return problem{values.source("advertise") + ": a ticket has room for " +
                   std::to_string(wire::ticket_form::most_addresses) + " addresses"};
  place.no_listen = values.count("no-listen") > 0;
  if (!place.no_listen) return place;
  if (!place.listen.empty()) {
    const auto first = values.precedence("listen", "no-listen");
    if (first == 0)
      return problem{values.source("no-listen") + " and " + values.source("listen") +
                     " contradict each other"};
    if (first > 0)
      place.no_listen = false;
    else
      place.listen.clear();
  }
  if (place.no_listen && mesh.join.empty() && overlap(of, accepting_verbs))
    return problem{values.source("no-listen") +
                   " without --join: nobody would reach this peer; add --join TICKET"};
  return place;
}

}  // namespace gof::cli
