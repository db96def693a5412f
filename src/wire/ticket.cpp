#include "wire/ticket.hpp"

#include <algorithm>

namespace gof::wire {
namespace {

bool decode_services(reader& in, ticket& t) {
  const auto count = in.u8();
  if (count > ticket::most_services) return false;
  for (unsigned i = 0; i < count; ++i) {
    ticket_service s;
    s.name = as_text(in.short_block());
    s.port_hint = in.u16();
    if (!in.ok() || !valid_service_name(s.name)) return false;
    t.services.push_back(std::move(s));
  }
  return true;
}

}  // namespace

bool valid_service_name(std::string_view name) {
  const auto lower_or_digit = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= 63 && lower_or_digit(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return lower_or_digit(c) || c == '-'; });
}

std::string ticket::text() const {
  bytes body;
  writer to(body);
  to.block(issuer.view()).block(mesh.view()).block(grant.view()).block(link_key).block(token);
  to.u8(static_cast<std::uint8_t>(services.size()));
  for (const auto& s : services) to.short_block(as_bytes(s.name)).u16(s.port_hint);
  ticket_form::encode(addresses, to);
  return ticket_form::close(ticket_form::kind::service, body);
}

ticket_result<ticket> ticket::parse(std::string_view text) {
  const auto body = ticket_form::open_as(ticket_form::kind::service, text);
  if (!body) return body.error();
  return decode(*body);
}

ticket_result<ticket> ticket::decode(const_bytes body) {
  using code = ticket_error::code;
  reader in(body);
  ticket t;
  t.issuer = in.id<peer_id>();
  t.mesh = in.id<mesh_id>();
  t.grant = in.id<grant_id>();
  t.link_key = in.array<32>();
  t.token = in.array<32>();
  if (!in.ok()) return ticket_error{code::too_short};
  if (!decode_services(in, t)) return ticket_error{code::services};
  if (!ticket_form::decode(in, t.addresses)) return ticket_error{code::addresses};
  if (!in.done()) return ticket_error{code::trailing_bytes};
  return t;
}

}  // namespace gof::wire
