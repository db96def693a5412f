#include "node/parts.hpp"
#include "wire/grant_frame.hpp"
#include "wire/neighbours.hpp"

#include <algorithm>

// Guests of ours, and what we are as one.

namespace gof::core {

using wire::frame_type;
using wire::reason;

namespace {

/// It means another machine to everybody.
bool is_loopback(const wire::address& at) {
  return at.host == "localhost" || at.host == "::1" || at.host.starts_with("127.");
}

}  // namespace

/// An issuer says end to end what it withdrew, to a guest that it lets come so far.
bool node::parts::is_withdrawn(const peer_id& issuer, const grant_id& grant) const {
  return issuer != config.self.id() && gossip.is_withdrawn(issuer, grant);
}

/// Only the newest, as profiles have them; of older ones a refused stream tells.
bool node::parts::is_own_withdrawn(const peer_id& issuer, const grant_id& grant) const {
  return issuer == config.self.id() && withdrawn.contains(grant);
}

/// Its holders' links, once they had time to hear of it.
void node::parts::withdraw_own(instant now) {
  for (auto& [id, entry] : links) {
    if (!entry.stands() || !entry.is_guests()) continue;
    const auto gone = [&](const grant_id& grant) { return withdrawn.contains(grant); };
    if (entry.tickets.withdraw(config.self.id(), gone)) expel_without_tickets(now, entry, expulsion_time);
  }
}

/// A stream was refused since its ticket was withdrawn: nothing more is to be told.
void node::parts::handle_own_refusal(instant now, const stream_entry& s) {
  if (s.ours || !s.at) return;
  for (auto& [id, entry] : links) {
    if (!entry.stands() || !entry.is_guests() || entry.up->node != *s.at) continue;
    entry.tickets.withdraw(config.self.id(), [&](const grant_id& grant) { return grant == s.grant; });
    expel_without_tickets(now, entry, refusal_time);
  }
}

void node::parts::expel_without_tickets(instant now, link_entry& entry, duration in) {
  if (!entry.tickets.issuers().empty()) return;
  if (!entry.expelled_at || now + in < *entry.expelled_at) entry.expelled_at = now + in;
}

/// Connections that the guest has by its own right go on to their end.
void node::parts::expel_due(instant now) {
  std::vector<link_id> due;
  for (auto& [id, entry] : links) {
    if (!entry.stands() || !entry.expelled_at || now < *entry.expelled_at) continue;
    const auto& guest = entry.up->node;
    const bool in_use = std::any_of(streams.begin(), streams.end(), [&](const auto& one) {
      return one.second.at == guest && (one.second.answered || one.second.ours);
    });
    if (in_use)
      entry.expelled_at = now + expulsion_time;
    else
      due.push_back(id);
  }
  for (const auto id : due) {
    const auto guest = links.at(id).up->node;
    if (const auto r = remotes.find(guest); r != remotes.end() && r->second.remote->goes_by(id)) {
      lose_streams(r->second, reason::withdrawn);
      r->second.remote->close(reason::withdrawn);
      end_session(now, guest, {reason::withdrawn, false, {}});
    }
    close_link(now, id, reason::withdrawn);
  }
}

/// With what it is now known to be: also again, when the guest at its other end showed more or less.
void node::parts::tell_mesh(instant now, link_id id) {
  const auto& entry = links.at(id);
  mesh::neighbour n;
  n.link = id;
  n.node = entry.up->node;
  n.peer = entry.up->peer;
  n.is = entry.is_guests() ? mesh::neighbour::kind::guest : mesh::neighbour::kind::member;
  if (entry.is_guests()) n.issuers = entry.tickets.issuers();
  n.our_label = entry.label;
  n.their_label = entry.their_label;
  gossip.handle_link_up(now, n);
}

// ---- tickets

void node::parts::handle_grant(instant now, link_id from, const_bytes body) {
  auto& entry = links.at(from);
  const auto shown = wire::grant_frame::decode(body);
  if (!shown || !entry.is_guests() || !entry.labelled) return close_link(now, from, reason::protocol);
  if (entry.tickets.knows(shown->issuer, shown->grant)) return;
  if (entry.tickets.is_full() || !entry.link->proves(*shown)) return close_link(now, from, reason::protocol);
  entry.tickets.add(
      shown->issuer, shown->grant,
      is_withdrawn(shown->issuer, shown->grant) || is_own_withdrawn(shown->issuer, shown->grant));
  if (!entry.tickets.issuers().empty()) entry.expelled_at.reset();
  tell_mesh(now, from);
}

/// As a guest: on a link that stands, every ticket that it was not shown yet.
void node::parts::show_tickets(link_id id) {
  auto& entry = links.at(id);
  if (!entry.stands() || !entry.is_as_guest() || !entry.labelled) return;
  for (const auto& [grant, its] : tickets) {
    const auto& t = its.ticket;
    if (entry.tickets.is_full() || entry.tickets.knows(t.issuer, grant)) continue;
    entry.tickets.add(t.issuer, grant);
    const auto mac = entry.link->grant_mac(secure::secret32(t.link_key));
    entry.link->send(frame_type::grant, wire::grant_frame{t.issuer, grant, mac}.encode());
    more_output = true;
  }
}

/// Links of guests that hold nothing of it any more end; addresses may be others.
void node::parts::handle_profile(instant now, const peer_id& peer) {
  places_changed = true;
  std::vector<link_id> changed;
  for (auto& [id, entry] : links) {
    if (!entry.stands() || !entry.is_guests()) continue;
    const auto gone = [&](const grant_id& grant) { return is_withdrawn(peer, grant); };
    if (entry.tickets.withdraw(peer, gone)) changed.push_back(id);
  }
  for (const auto id : changed) {
    more_output = true;
    const auto& entry = links.at(id);
    if (entry.tickets.issuers().empty())
      close_link(now, id, reason::withdrawn);
    else if (entry.labelled)
      tell_mesh(now, id);
  }
}

// ---- addresses

/// Where guests may dial other members that we are linked with: the first address of each, then the second.
std::vector<wire::address> node::parts::places_of_members() const {
  std::set<node_id> nodes;
  for (const auto& [id, entry] : links)
    if (entry.stands() && entry.labelled && entry.up->role == wire::link_role::member)
      nodes.insert(entry.up->node);
  std::vector<wire::address> chosen;
  for (std::size_t turn = 0; turn < wire::record_profile::most_addresses; ++turn) {
    for (const auto& node : nodes) {
      const auto* says = gossip.profile_of(node);
      if (!says || turn >= says->addresses.size() || is_loopback(says->addresses[turn])) continue;
      const bool known = std::find(chosen.begin(), chosen.end(), says->addresses[turn]) != chosen.end();
      if (!known && chosen.size() < wire::neighbours::most_addresses) chosen.push_back(says->addresses[turn]);
    }
  }
  return chosen;
}

void node::parts::tell_places(instant now) {
  const bool look = std::exchange(places_changed, false);
  std::optional<std::vector<wire::address>> present;
  for (auto& [id, entry] : links) {
    if (!entry.stands() || !entry.is_guests() || !entry.labelled) continue;
    auto& places = entry.places;
    if (look && !places.due) places.due = places.last ? std::max(now, *places.last + places_interval) : now;
    if (!places.due || now < *places.due) continue;
    places.due.reset();
    if (!present) present = places_of_members();
    if (places.told == *present) continue;
    places.told = *present;
    places.last = now;
    entry.link->send(frame_type::neighbours, wire::neighbours{*present}.encode());
    more_output = true;
  }
}

void node::parts::handle_neighbours(instant now, link_id from, const_bytes body) {
  auto& entry = links.at(from);
  auto heard = wire::neighbours::decode(body);
  if (!heard || !entry.is_as_guest()) return close_link(now, from, reason::protocol);
  std::erase_if(heard->addresses, is_loopback);
  entry.places.told = std::move(heard->addresses);
  learn_places(now, from);
}

/// For every ticket whose addresses led to that node, by which of its links it ever was.
void node::parts::learn_places(instant now, link_id from) {
  const auto& entry = links.at(from);
  for (auto& [number, c] : contacts)
    if (c.stands_at(entry.up->node)) c.handle_learned(now, entry.places.told);
}

}  // namespace gof::core
