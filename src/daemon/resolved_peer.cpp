#include "daemon/resolved_peer.hpp"

#include "base/hex.hpp"
#include "daemon/ticket_input.hpp"

namespace gof::daemon {
namespace {

outcome<std::vector<forward::forwarding>> by_name(const std::vector<forward::spec>& specs) {
  if (specs.empty()) return failure{bad_command_line, "say which services of the peer: [BIND:]LOCAL:NAME"};
  std::vector<forward::forwarding> found;
  for (const auto& one : specs) {
    const auto* name = one.remote ? std::get_if<std::string>(&*one.remote) : nullptr;
    if (one.remote && !name)
      return failure{bad_command_line,
                     one.local.text() + ": the peer decides what is reached; name a service of it"};
    if (!name && one.local.port == 0)
      return failure{bad_command_line, one.local.text() + ": say which service: [BIND:]LOCAL:NAME"};
    found.push_back({one.local, name ? *name : std::to_string(one.local.port)});
  }
  return found;
}

}  // namespace

outcome<resolved_peer> resolve_peer(const peer_argument& from) {
  resolved_peer to;
  if (const auto* id = std::get_if<gof::peer>(&from)) {
    to.who = *id;
    return to;
  }
  const auto& source = std::get<ticket_source>(from);
  to.code = code_of(source);
  const auto ticket = read_ticket(source);
  if (!ticket) return ticket.error();
  for (const auto& one : ticket->services) to.offered.push_back({one.name, one.port_hint});
  to.mesh = to_hex(ticket->mesh.view());
  std::string why;
  to.ticket = gof::ticket::parse(ticket->text(), why);
  if (!to.ticket) return failure{to.code, why};
  to.who = to.ticket->issuer();
  return to;
}

outcome<std::vector<forward::forwarding>> forwardings_of(const resolved_peer& to,
                                                         const std::vector<forward::spec>& specs) {
  if (!to.ticket) return by_name(specs);
  return or_fail(forward::resolve(specs, to.offered), bad_command_line);
}

}  // namespace gof::daemon
