#include "wire/any_ticket.hpp"

namespace gof::wire {
namespace {

template <class Ticket>
ticket_result<any_ticket> decoded(const_bytes body) {
  auto made = Ticket::decode(body);
  if (!made) return made.error();
  return any_ticket(std::move(*made));
}

}  // namespace

ticket_result<any_ticket> parse_any_ticket(std::string_view text) {
  const auto found = ticket_form::open(text);
  if (!found) return found.error();
  if (found->kind == ticket_form::kind::join) return decoded<join_ticket>(found->body);
  return decoded<ticket>(found->body);
}

}  // namespace gof::wire
