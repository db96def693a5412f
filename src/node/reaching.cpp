#include "node/parts.hpp"

#include <algorithm>
#include <cassert>

namespace gof::core {

using wire::reason;

// ---- commands

std::optional<problem> node::add_ticket(instant now, const wire::ticket& ticket) {
  auto& p = *parts_;
  const auto hex = [](const mesh_id& mesh) {
    std::string text;
    for (const auto b : mesh.value) {
      text += "0123456789abcdef"[b >> 4];
      text += "0123456789abcdef"[b & 15];
    }
    return text;
  };
  for (const auto& [grant, t] : p.tickets)
    if (t.ticket.mesh != ticket.mesh)
      return problem{"the tickets are of two meshes, " + hex(t.ticket.mesh) + " and " + hex(ticket.mesh) +
                     "; one node is in one mesh"};
  const auto same = [&](const auto& c) { return c.second.ticket() == ticket; };
  if (std::any_of(p.contacts.begin(), p.contacts.end(), same)) return std::nullopt;
  p.tickets[ticket.grant].ticket = ticket;
  p.contacts.emplace(p.next_contact++, contact(now, ticket.addresses, ticket));
  for (const auto& [id, entry] : p.links) p.show_tickets(id);
  p.start_sessions(now);
  p.dial_due(now);
  return std::nullopt;
}

void node::drop_ticket(instant now, const wire::ticket& ticket) {
  auto& p = *parts_;
  const auto found = std::find_if(p.contacts.begin(), p.contacts.end(),
                                  [&](const auto& c) { return c.second.ticket() == ticket; });
  if (found == p.contacts.end()) return;
  p.drop_contact(now, found->first);
  const auto other = std::find_if(p.contacts.begin(), p.contacts.end(), [&](const auto& c) {
    return c.second.ticket() && c.second.ticket()->grant == ticket.grant;
  });
  if (other != p.contacts.end())
    p.tickets[ticket.grant].ticket = *other->second.ticket();
  else
    p.tickets.erase(ticket.grant);
  p.let_go(now, ticket.issuer);
  p.tend_spare_links(now);
}

void node::add_peer(instant now, const peer_id& peer) {
  auto& p = *parts_;
  assert(p.config.network_key);
  if (p.kept_peers.try_emplace(peer).second) p.start_sessions(now);
}

void node::drop_peer(instant now, const peer_id& peer) {
  if (parts_->kept_peers.erase(peer) > 0) parts_->let_go(now, peer);
}

void node::add_bootstrap(instant now, const std::vector<wire::address>& at) {
  auto& p = *parts_;
  assert(p.config.network_key);
  p.contacts.emplace(p.next_contact++, contact(now, at, std::nullopt));
  p.dial_due(now);
}

// ---- sessions that are kept

/// Whether a session with the peer stands or is being made.
bool node::parts::keep_session(instant now, const peer_id& peer) {
  bool any = false;
  for (auto& [id, entry] : remotes) {
    const auto& s = entry.remote->end_to_end();
    const bool its = s.peer() == peer || s.expected() == peer;
    if (!its) continue;
    entry.remote->keep(true);
    any = any || s.watch().alive();
  }
  if (any) return true;
  for (const auto& id : nodes_of(peer, {})) {
    any = true;
    if (remotes.contains(id) || session_retry.contains(id)) continue;
    start_session(now, id, peer);
    if (const auto made = remotes.find(id); made != remotes.end()) made->second.remote->keep(true);
    return true;
  }
  return any;
}

void node::parts::keep_reached(instant now, const peer_id& peer, missing& missed_at) {
  const bool linked =
      std::any_of(links.begin(), links.end(), [](const auto& l) { return l.second.stands(); });
  if (keep_session(now, peer) || !linked) {
    missed_at.reset();
  } else if (!missed_at) {
    missed_at = now + missing_time;
  } else if (now >= *missed_at) {
    missed_at = now + missing_time;
    events.push_back(unreachable{peer, reason::none, "the mesh is reached, but the peer is not in it now",
                                 missing_time, true});
  }
}

void node::parts::start_sessions(instant now) {
  if (stopped) return;
  std::erase_if(session_retry, [&](const auto& r) { return now >= r.second; });
  for (auto& [grant, t] : tickets) keep_reached(now, t.ticket.issuer, t.missed_at);
  for (auto& [peer, missed_at] : kept_peers) keep_reached(now, peer, missed_at);
}

bool node::parts::is_wanted(const peer_id& peer) const {
  return kept_peers.contains(peer) || std::any_of(tickets.begin(), tickets.end(), [&](const auto& t) {
           return t.second.ticket.issuer == peer;
         });
}

/// Its sessions are kept no more, unless it is wanted for another reason too.
void node::parts::let_go(instant now, const peer_id& peer) {
  if (is_wanted(peer)) return;
  std::vector<node_id> its;
  for (auto& [id, entry] : remotes) {
    const auto& s = entry.remote->end_to_end();
    if (s.peer() != peer && s.expected() != peer) continue;
    entry.remote->keep(false);
    its.push_back(id);
  }
  for (const auto& id : its) settle(now, id);
}

// ---- links that were made for a ticket that is not used any more

/// What it tries is given up, what it has is spare.
void node::parts::drop_contact(instant now, contact_number number) {
  const auto dropped = contacts.extract(number);  // first: or what is given up would be tried again
  std::vector<link_id> tried;
  for (const auto& [id, entry] : links) {
    if (entry.stands() && entry.contact && dropped.mapped().stands_at(entry.up->node)) spare.insert(id);
    if (!entry.up && !entry.gone && entry.contact == number) tried.push_back(id);
  }
  for (const auto id : tried) close_link(now, id, reason::none);
}

/// Whether a spare link has to stay: it carries something, or a peer that is wanted is reached by it alone.
/// `idle` gets the nodes whose sessions it takes along otherwise.
bool node::parts::needs(link_id id, std::vector<node_id>& idle) const {
  if (flows.passes_by(id)) return true;
  for (const auto& [node, entry] : remotes) {
    if (!entry.remote->goes_by(id)) continue;
    if (entry.remote->is_under_way()) return true;
    const auto ways = ways_to(node);
    if (std::any_of(ways.begin(), ways.end(), [&](const path& way) { return way.link != id; })) continue;
    const auto& s = entry.remote->end_to_end();
    const auto& whose = s.peer() ? s.peer() : s.expected();
    if (whose && is_wanted(*whose)) return true;
    idle.push_back(node);
  }
  return false;
}

void node::parts::tend_spare_links(instant now) {
  if (spare.empty() || (spare_due && now < *spare_due)) return;
  std::erase_if(spare, [&](link_id id) {
    const auto l = links.find(id);
    return l == links.end() || !l->second.stands() ||
           std::any_of(contacts.begin(), contacts.end(),  // it would only make it anew
                       [&](const auto& c) { return c.second.stands_at(l->second.up->node); });
  });
  for (const auto id : std::set<link_id>(spare)) {
    std::vector<node_id> idle;
    if (needs(id, idle)) continue;
    for (const auto& node : idle) leave_session(now, node);
    close_link(now, id, reason::none);
    spare.erase(id);
  }
  spare_due = spare.empty() ? std::nullopt : std::optional(now + spare_interval);
}

}  // namespace gof::core
