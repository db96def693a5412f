#include "node/parts.hpp"

namespace gof::core {

using wire::reason;

void node::parts::dial_due(instant now) {
  if (stopped) return;
  for (auto& [grant, c] : contacts) {
    while (const auto to = c.poll_dial(now)) {
      const auto id = link_id{next_link++};
      link_entry entry;
      entry.contact = grant;
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
      door.leave(id);
      if (!entry.contact) door.count(now, entry.source);
    }
    if (!e) break;
    if (const auto* up = std::get_if<link::up>(&*e)) {
      handle_up(now, id, *up);
    } else if (auto* packet = std::get_if<link::received>(&*e)) {
      touched.insert(packet->head.source);
      handle_packet(now, id, *packet);
    } else {
      handle_down(now, id, std::get<link::down>(*e));
      break;
    }
  }
  for (const auto& node : touched) settle(now, node);
}

void node::parts::handle_up(instant now, link_id id, const link::up& up) {
  auto& entry = links.at(id);
  entry.up = up;
  if (entry.contact) {
    auto& c = contacts.at(*entry.contact);
    if (up.peer != c.ticket().issuer) {
      const auto detail = "another peer than the ticket's issuer answers at " + entry.address;
      entry.up.reset();
      dial_failed(now, id, reason::identity, detail);  // first: the link's end alone says less
      return close_link(now, id, reason::identity);
    }
    const auto before = c.node();
    c.handle_up(id, up.node);
    if (before && *before != up.node) give_up(*before);
    const auto others = c.trying();
    for (const auto other : others) {
      dial_failed(now, other, reason::none, "");
      close_link(now, other, reason::superseded);
    }
  }
  events.push_back(link_up{id, up.peer, up.node, !entry.contact && up.role == wire::link_role::guest,
                           entry.contact.has_value()});
  drop_duplicates(now, id);
  const auto way = link_to(up.node);
  if (const auto known = remotes.find(up.node);
      known != remotes.end() && known->second.remote->link() != way) {
    known->second.remote->handle_path(now, way);
    settle(now, up.node);
  }
  start_sessions(now);
}

/// Of two links between the same nodes the one dialled by the lower node id stays, of two dialled by the same
/// the newer.
void node::parts::drop_duplicates(instant now, link_id newcomer) {
  const auto& fresh = links.at(newcomer);
  const auto node = fresh.up->node;
  std::optional<link_id> older;
  for (const auto& [id, entry] : links)
    if (id != newcomer && entry.up && !entry.gone && entry.up->node == node) older = id;
  if (!older) return;
  const bool ours_fresh = fresh.contact.has_value();
  const bool ours_older = links.at(*older).contact.has_value();
  const bool older_stays = ours_fresh != ours_older && ours_older == (self < node);
  close_link(now, older_stays ? newcomer : *older, reason::superseded);
}

void node::parts::handle_down(instant now, link_id id, const link::down& down) {
  auto& entry = links.at(id);
  door.leave(id);
  entry.gone = true;
  if (down.stranger) events.push_back(stranger{id});
  const auto detail = entry.address.empty() ? down.detail : entry.address + ": " + down.detail;
  if (!entry.up) {
    if (entry.contact) dial_failed(now, id, down.why, detail);
    return;
  }
  events.push_back(link_down{id, down.why, down.told, detail});
  const auto node = entry.up->node;
  entry.up.reset();
  const auto way = link_to(node);
  if (!way) {
    for (auto& [grant, c] : contacts)  // of several tickets that led there one holds the link for all
      if (c.is_up() && c.node() == node) c.handle_lost(now, random);
  }
  if (const auto known = remotes.find(node); known != remotes.end() && known->second.remote->link() != way) {
    known->second.remote->handle_path(now, way);
    settle(now, node);
  }
}

void node::parts::dial_failed(instant now, link_id id, reason why, const std::string& detail) {
  const auto found = links.find(id);
  if (found == links.end() || !found->second.contact) return;
  const auto c = contacts.find(*found->second.contact);
  if (c == contacts.end()) return;
  const auto over = c->second.handle_failed(now, id, why, detail, random);
  if (over) events.push_back(unreachable{c->second.ticket().issuer, over->why, over->detail, over->again_in});
  dial_due(now);
}

void node::parts::close_link(instant now, link_id id, reason why) {
  const auto found = links.find(id);
  if (found == links.end() || found->second.gone) return;
  auto& entry = found->second;
  if (!entry.link) {  // still being dialled: the shell hears of it at handle_connected()
    events.push_back(close_wanted{id});
    links.erase(found);
    return;
  }
  entry.link->close(why);
  handle_down(now, id, link::down{why, false, false, "closed here"});
}

std::optional<link_id> node::parts::link_to(const node_id& node) const {
  for (const auto& [id, entry] : links)
    if (entry.up && !entry.gone && entry.up->node == node) return id;
  return std::nullopt;
}

std::size_t node::parts::half_open() const {
  return static_cast<std::size_t>(std::count_if(links.begin(), links.end(), [](const auto& l) {
    return l.second.link && l.second.admitted && !l.second.up && !l.second.contact && !l.second.gone;
  }));
}

// ---- what goes out

void node::parts::transmit_controls(instant now, remote& from, link& into) {
  while (const auto p = from.poll_control(now))
    from.write(into.append_packet(now, p->type, p->head, p->size));
}

void node::parts::fill(instant now, link_id id, link& into) {
  std::vector<remote*> by_this;
  for (auto& [node, entry] : remotes)
    if (entry.remote->link() == id) by_this.push_back(entry.remote.get());
  for (auto* r : by_this) transmit_controls(now, *r, into);
  bool more = true;
  while (more && into.writable()) {
    more = false;
    for (auto* r : by_this) {
      if (!into.writable()) break;
      const auto p = r->poll_data(now);
      if (!p) continue;
      r->write(into.append_packet(now, p->type, p->head, p->size));
      more = true;
    }
  }
}

}  // namespace gof::core
