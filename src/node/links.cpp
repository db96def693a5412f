#include "mesh/label.hpp"
#include "node/parts.hpp"
#include "wire/link_control.hpp"

#include <algorithm>

namespace gof::core {

using wire::reason;

void node::parts::dial_due(instant now) {
  if (stopped) return;
  for (auto& [number, c] : contacts) {
    while (const auto to = c.poll_dial(now)) {
      const auto id = link_id{next_link++};
      link_entry entry;
      entry.contact = number;
      entry.address = to->text();
      links.emplace(id, std::move(entry));
      c.handle_started(id);
      events.push_back(dial_wanted{id, *to});
    }
  }
}

void node::parts::drain_link(instant now, link_id id) {
  std::set<node_id> touched;
  for (;;) {
    const auto found = links.find(id);
    if (found == links.end() || !found->second.link) break;
    auto& entry = found->second;
    auto e = entry.link->poll_event(now);
    if (!entry.admitted && entry.link->is_admitted()) {
      entry.admitted = true;
      if (!entry.contact) door.admit(now, id, entry.source, entry.link->shown_grant());
    }
    if (!e) break;
    if (const auto* up = std::get_if<link::up>(&*e)) {
      handle_up(now, id, *up);
    } else if (auto* packet = std::get_if<link::received>(&*e)) {
      touched.insert(packet->head.source);
      handle_packet(now, id, *packet);
    } else if (const auto* heard = std::get_if<link::notice>(&*e)) {
      handle_notice(now, id, *heard);
    } else {
      handle_down(now, id, std::get<link::down>(*e));
      break;
    }
  }
  if (const auto l = links.find(id); l != links.end() && l->second.stands())
    if (const auto measured = l->second.link->round_trip()) flows.handle_round_trip(id, *measured);
  for (const auto& node : touched) settle(now, node);
  flush(now);
}

void node::parts::handle_up(instant now, link_id id, const link::up& up) {
  auto& entry = links.at(id);
  door.leave(id);
  if (up.node == self) return close_link(now, id, reason::superseded);  // an address of our own
  entry.up = up;
  if (up.role == wire::link_role::guest) entry.tickets.add(up.issuer, up.grant);
  // It may have been withdrawn since the HELLO.
  if (entry.is_guests() && is_withdrawn(up.issuer, up.grant)) return close_link(now, id, reason::withdrawn);
  if (entry.is_guests() && is_own_withdrawn(up.issuer, up.grant)) {
    entry.tickets.withdraw(up.issuer, [&](const grant_id& grant) { return grant == up.grant; });
    expel_without_tickets(now, entry, expulsion_time);
  }
  std::set<std::uint16_t> taken;
  for (const auto& [other, its] : links)
    if (other != id && its.stands()) taken.insert(its.label);
  entry.label = label_of(self, up.node, taken);
  entry.link->send(wire::frame_type::label, wire::label{entry.label}.encode());
  if (entry.contact) {
    auto& c = contacts.at(*entry.contact);
    const auto before = c.former(id);
    c.handle_up(now, id, up.node);
    if (before && *before != up.node) give_up(*before);
    if (c.is_satisfied()) {
      for (const auto other : c.trying()) {
        dial_failed(now, other, reason::none, "");
        close_link(now, other, reason::superseded);
      }
    }
  }
  drop_duplicates(now, id);
  if (const auto standing = link_to(up.node); standing && links.at(*standing).is_as_guest())
    learn_places(now, *standing);
  if (entry.stands()) {
    entry.told = true;
    events.push_back(link_up{id, up.peer, up.node, entry.is_guests(), entry.contact.has_value()});
  }
  reroute(now, up.node);
  start_sessions(now);
}

/// Of two links between the same nodes the one dialled by the lower node id stays. Of two dialled by the same
/// node that node keeps the older, which is in use; the other side cannot know whether the older is dead, so
/// it keeps both until one ends, and never a third.
void node::parts::drop_duplicates(instant now, link_id newcomer) {
  const auto& fresh = links.at(newcomer);
  const auto node = fresh.up->node;
  std::vector<link_id> older;
  for (const auto& [id, entry] : links)
    if (id != newcomer && entry.stands() && entry.up->node == node) older.push_back(id);
  if (older.empty()) return;
  const bool ours_fresh = fresh.contact.has_value();
  const bool ours_older = links.at(older.back()).contact.has_value();
  if (ours_fresh != ours_older) {
    const bool older_stays = ours_older == (self < node);
    return close_link(now, older_stays ? newcomer : older.back(), reason::superseded);
  }
  if (ours_fresh) return close_link(now, newcomer, reason::superseded);
  if (older.size() > 1) close_link(now, older.front(), reason::superseded);
}

void node::parts::handle_down(instant now, link_id id, const link::down& down) {
  auto& entry = links.at(id);
  door.leave(id);
  entry.gone = true;
  entry.unheard = !entry.contact && !entry.admitted && down.why != reason::protocol;
  if (down.stranger) events.push_back(stranger{id});
  const auto detail = entry.address.empty() ? down.detail : entry.address + ": " + down.detail;
  if (!entry.up) {
    if (entry.contact) dial_failed(now, id, down.why, detail);
    return;
  }
  if (entry.told) events.push_back(link_down{id, down.why, down.told, detail});
  const auto node = entry.up->node;
  entry.up.reset();
  if (entry.labelled) gossip.handle_link_down(now, id);
  places_changed = true;
  flows.handle_link_down(now, id);
  if (!link_to(node)) {
    for (auto& [number, c] : contacts)  // of several that led there one holds the link for all
      c.handle_lost(now, node, random);
  }
  for (auto& [other, r] : remotes) {
    if (!r.flow || r.flow->link != id) continue;
    r.flow.reset();
  }
  std::vector<node_id> its;
  for (const auto& [other, r] : remotes)
    if (r.remote->goes_by(id)) its.push_back(other);
  for (const auto& other : its) reroute(now, other);
}

void node::parts::dial_failed(instant now, link_id id, reason why, const std::string& detail) {
  const auto found = links.find(id);
  if (found == links.end() || !found->second.contact) return;
  const auto c = contacts.find(*found->second.contact);
  if (c == contacts.end()) return;
  const auto over = c->second.handle_failed(now, id, why, detail, random);
  if (over) {
    const auto& ticket = c->second.ticket();
    events.push_back(
        unreachable{ticket ? ticket->issuer : peer_id(), over->why, over->detail, over->again_in});
  }
  dial_due(now);
}

void node::parts::close_link(instant now, link_id id, reason why, const std::string& detail) {
  const auto found = links.find(id);
  if (found == links.end() || found->second.gone) return;
  auto& entry = found->second;
  if (!entry.link) {  // still being dialled: the shell hears of it at handle_connected()
    events.push_back(close_wanted{id});
    links.erase(found);
    return;
  }
  entry.link->close(why);
  handle_down(now, id, link::down{why, false, false, detail});
}

std::optional<link_id> node::parts::link_to(const node_id& node) const {
  for (const auto& [id, entry] : links)
    if (entry.up && !entry.gone && entry.up->node == node) return id;
  return std::nullopt;
}

// ---- what goes out

void node::parts::write_packet(instant now, remote& from, const remote::packet& p, const path& way,
                               std::uint16_t generation, link& into) {
  auto head = p.head;
  head.labels = way.labels;
  head.generation = generation;
  from.write(into.append_packet(now, p.type, head, p.size));
}

void node::parts::transmit_controls(instant now, remote& from, link& into) {
  while (const auto p = from.poll_control(now)) write_packet(now, from, *p, *from.way(), 0, into);
}

/// One turn of our own packets with data to one node. False: nothing more of them may go.
bool node::parts::transmit_data(instant now, remote_entry& from, link_id id, link& into) {
  auto& r = *from.remote;
  for (bool lasts = from.share.begin(); lasts && into.writable(); lasts = from.share.lasts()) {
    const auto size = r.data_waiting(now);
    if (size && !from.flow) from.flow = own_flow{id, flows.begin(id, self, r.id()), now};
    if (!size || !flows.covers(id, from.flow->id, *size)) {
      from.share.run_dry();
      return false;
    }
    flows.count(id, from.flow->id, *size);
    from.flow->used = now;
    write_packet(now, r, r.poll_data(), *r.way(), from.flow->id.generation, into);
    from.share.count(*size);
  }
  return true;
}

/// One turn of each flow that passes through. False: nothing more of them may go.
bool node::parts::transmit_passing(instant now, link_id id, link& into) {
  auto& share = links.at(id).passing;
  const auto ready = flows.ready_flows(id);
  for (bool lasts = share.begin(ready); lasts && into.writable(); lasts = share.lasts()) {
    const auto p = flows.poll_data(id);
    if (!p) break;
    into.append_packet(now, p->type, p->head, p->payload);
    share.count(p->payload.size());
  }
  if (flows.ready_flows(id) > 0) return true;
  share.run_dry();
  return false;
}

/// Control first; then everybody in turn, our own flows each as one and those that pass through each as one.
void node::parts::fill(instant now, link_id id, link& into) {
  std::vector<remote_entry*> by_this;
  for (auto& [node, entry] : remotes)
    if (entry.remote->goes_by(id)) by_this.push_back(&entry);
  for (auto* r : by_this) transmit_controls(now, *r->remote, into);
  while (into.writable()) {
    const auto p = flows.poll_control(id);
    if (!p) break;
    into.append_packet(now, p->type, p->head, p->payload);
  }
  auto& turn = links.at(id).turn;
  std::vector<bool> dry(by_this.size() + 1);  // the last: all that pass through
  for (std::size_t left = dry.size(); into.writable() && left > 0; ++turn) {
    const auto next = turn % dry.size();
    if (dry[next]) continue;
    const bool more = next < by_this.size() ? transmit_data(now, *by_this[next], id, into)
                                            : transmit_passing(now, id, into);
    if (more && !into.writable()) return;  // its turn goes on with the next output
    if (more) continue;
    dry[next] = true;
    --left;
  }
}

}  // namespace gof::core
