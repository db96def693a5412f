#include "wire/join_ticket.hpp"

namespace gof::wire {

std::string join_ticket::text() const {
  bytes body;
  writer to(body);
  to.block(issuer.view()).block(network_key);
  ticket_form::encode(addresses, to);
  return ticket_form::close(ticket_form::kind::join, body);
}

ticket_result<join_ticket> join_ticket::parse(std::string_view text) {
  const auto body = ticket_form::open_as(ticket_form::kind::join, text);
  if (!body) return body.error();
  return decode(*body);
}

ticket_result<join_ticket> join_ticket::decode(const_bytes body) {
  using code = ticket_error::code;
  reader in(body);
  join_ticket t;
  t.issuer = in.id<peer_id>();
  t.network_key = in.array<32>();
  if (!in.ok()) return ticket_error{code::too_short};
  if (!ticket_form::decode(in, t.addresses)) return ticket_error{code::addresses};
  if (!in.done()) return ticket_error{code::trailing_bytes};
  return t;
}

}  // namespace gof::wire
