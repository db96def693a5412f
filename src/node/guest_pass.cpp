#include "node/guest_pass.hpp"

#include "wire/grant_frame.hpp"
#include "wire/neighbours.hpp"

#include <utility>

namespace gof::core {

std::optional<bytes> guest_pass::show(link_id link, const core::link& at, const wire::ticket& ticket) {
  const auto found = hosts_.find(link);
  if (found == hosts_.end()) return std::nullopt;
  auto& shown = found->second.shown;
  if (shown.is_full() || shown.knows(ticket.issuer, ticket.grant)) return std::nullopt;
  shown.add(ticket.issuer, ticket.grant);
  const auto mac = at.grant_mac(secure::secret32(ticket.link_key));
  return wire::grant_frame{ticket.issuer, ticket.grant, mac}.encode();
}

bool guest_pass::handle_neighbours(link_id link, const_bytes body) {
  const auto found = hosts_.find(link);
  auto heard = wire::neighbours::decode(body);
  if (!heard || found == hosts_.end()) return false;
  std::erase_if(heard->addresses, [](const auto& one) { return one.is_loopback(); });
  found->second.learned = std::move(heard->addresses);
  return true;
}

std::vector<wire::address> guest_pass::learned(link_id link) const {
  const auto found = hosts_.find(link);
  return found == hosts_.end() ? std::vector<wire::address>() : found->second.learned;
}

}  // namespace gof::core
