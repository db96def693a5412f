#include "node/composition.hpp"
#include "wire/grant_frame.hpp"
#include "wire/path_error.hpp"

#include <utility>

// What arrives on links.

namespace gof::core {

using wire::frame_type;
using wire::reason;

void node::composition::handle(instant now, const link_table::came_up& e) {
  const auto id = e.link;
  const auto& its = links.at(id);
  const auto up = *its.up;
  if (its.is_guests() && !guests.handle_up(now, id, up, gossip)) return links.close(id, reason::withdrawn);
  if (its.is_as_guest()) pass.handle_up(id, up);
  links.introduce(id);
  if (its.dial) {
    const auto reached = dials.handle_up(now, *its.dial, id, up.node);
    if (reached.former) give_up(*reached.former);
    for (const auto other : reached.surplus) {
      dials.handle_failed(now, *its.dial, other, reason::none, "");
      links.close(other, reason::superseded);
    }
  }
  if (const auto surplus = links.surplus(id)) links.close(*surplus, reason::superseded);
  if (const auto there = links.to(up.node); there && links.at(*there).is_as_guest())
    dials.handle_learned(now, up.node, pass.learned(*there));
  if (links.stands(id)) {
    links.mark_told(id);
    events.push_back(link_up{id, up.peer, up.node, its.is_guests(), its.dial.has_value()});
  }
  reroute(now, up.node);
  reach_changed = true;
}

void node::composition::handle(instant now, const link_table::went_down& e) {
  const auto id = e.link;
  const auto& its = links.at(id);
  if (!its.up) {
    if (its.dial) dials.handle_failed(now, *its.dial, id, e.why, e.detail);
    if (its.link) return;
    events.push_back(close_wanted{id});  // it was not connected yet
    return links.forget(id);
  }
  if (e.stood) events.push_back(link_down{id, e.why, e.told_by_peer, e.detail});
  places_changed = places_changed || !its.is_guests();
  guests.handle_down(id);
  pass.handle_down(id);
  relays.handle_link_down(id);
  if (its.labelled) gossip.handle_link_down(now, id);
  flows.handle_link_down(now, id);
  controls.handle_link_down(id);
  sessions.handle_link_down(id);
  turns.forget(id);
  retiring.forget(id);
  // If several attempts led there, one holds the link for all.
  if (!links.to(its.up->node)) dials.handle_lost(now, its.up->node);
  for (const auto& node : sessions.by_link(id)) reroute(now, node);
  reach_changed = true;
}

void node::composition::handle(instant, const link_table::knocked& e) {
  events.push_back(stranger{e.link});
}

void node::composition::handle(instant now, const link_table::measured& e) {
  flows.handle_round_trip(e.link, e.round_trip);
  if (links.at(e.link).counts()) gossip.handle_round_trip(now, e.link, e.round_trip);
}

// ---- frames for us

void node::composition::handle(instant now, const link_table::notice& e) {
  const auto from = e.link;
  const auto body = e.what.body;
  const auto& its = links.at(from);
  bool sound = true;
  switch (e.what.type) {
    case frame_type::label: return handle_label(now, from, body);
    case frame_type::grant:
      if (const auto shown = wire::grant_frame::decode(body))
        sound = its.labelled && guests.handle_grant(*its.link, from, *shown, gossip);
      else
        sound = false;
      break;
    case frame_type::neighbours:
      sound = pass.handle_neighbours(from, body);
      if (sound) dials.handle_learned(now, its.up->node, pass.learned(from));
      break;
    case frame_type::hop_credit:
      if (const auto heard = wire::hop_credit::decode(body)) {
        flows.handle_credit(from, *heard);
        heard->flow.source == self ? turns.wake(from, heard->flow.destination) : turns.wake_passing(from);
        links.mark_ready(from);
      } else {
        sound = false;
      }
      break;
    case frame_type::flow_close:
      if (const auto heard = wire::flow_close::decode(body))
        flows.handle_close(now, from, heard->flow);
      else
        sound = false;
      break;
    case frame_type::flow_blocked:
      if (const auto heard = wire::flow_blocked::decode(body))
        flows.handle_blocked(from, heard->flow);
      else
        sound = false;
      break;
    case frame_type::flow_reset:
      if (const auto heard = wire::flow_reset::decode(body))
        flows.handle_reset(now, from, *heard);
      else
        sound = false;
      break;
    default: sound = its.labelled && gossip.handle_frame(now, from, e.what.type, body);
  }
  if (!sound) links.close(from, reason::protocol);
}

/// From now on the link counts for routes.
void node::composition::handle_label(instant now, link_id from, const_bytes body) {
  if (!links.handle_label(from, body)) return links.close(from, reason::protocol);
  const auto& its = links.at(from);
  tell_mesh(now, from);
  if (const auto measured = its.link->round_trip()) gossip.handle_round_trip(now, from, *measured);
  guests.handle_labelled(now, from);
  show_tickets(from);
  places_changed = places_changed || !its.is_guests();
}

/// Reports the link as it is known now; again when the guest at its end shows more or fewer tickets.
void node::composition::tell_mesh(instant now, link_id link) {
  const auto& its = links.at(link);
  mesh::neighbour n;
  n.link = link;
  n.node = its.up->node;
  n.peer = its.up->peer;
  n.is = its.is_guests() ? mesh::neighbour::kind::guest : mesh::neighbour::kind::member;
  if (its.is_guests()) n.issuers = guests.issuers(link);
  n.our_label = its.label;
  n.their_label = its.their_label;
  gossip.handle_link_up(now, n);
}

/// As a guest: shows each ticket that the link was not shown yet.
void node::composition::show_tickets(link_id link) {
  const auto& its = links.at(link);
  if (!its.counts() || !its.is_as_guest()) return;
  for (const auto* ticket : dials.tickets())
    if (const auto body = pass.show(link, *its.link, *ticket)) links.send(link, frame_type::grant, *body);
}

/// Sends records and requests for them while the link takes more; the rest once these are written.
void node::composition::talk(instant now, link_id link) {
  const auto* its = links.find(link);
  if (its == nullptr || !its->stands()) return;
  while (its->stands() && its->link->takes_news()) {
    const auto out = gossip.poll_transmit(now, link);
    if (!out) return;
    links.send(link, out->type, out->body);
  }
}

/// A guest without tickets has to go, but open connections to it may end first.
void node::composition::expel(instant now, link_id guest) {
  const auto node = links.at(guest).up->node;
  if (streams.serves(node)) return guests.postpone(now, guest);
  if (const auto* r = sessions.find(node); r != nullptr && r->goes_by(guest))
    leave_session(now, node, reason::withdrawn);
  links.close(guest, reason::withdrawn);
}

// ---- packets

/// The packet is for this node, or is to be relayed to another.
void node::composition::handle(instant now, link_table::packet& e) {
  const auto from = e.link;
  const auto& head = e.what.head;
  // A guest sends only in its own name, even to us. Another name in a packet is no mistake of an honest node.
  const auto& by = links.at(from);
  if (by.is_guests() && (head.source != by.up->node || head.hop != 0))
    return links.close(from, reason::protocol, "a guest sent a packet in another node's name");
  if (head.destination != self || head.hop != head.labels.size()) return pass_on(now, from, e.what);
  if (head.source == self || (head.labels.empty() && head.source != by.up->node)) return;
  if (e.what.type == frame_type::path_error) return handle_path_error(now, e.what);
  if (e.what.type == frame_type::relay_data) {
    const auto v = flows.arrive(now, from, flow_of(head), e.what.payload.size());
    if (v == flow_table::verdict::beyond) return links.close(from, reason::protocol);
    if (v != flow_table::verdict::taken)
      return flows.refuse(now, from, flow_of(head),
                          v == flow_table::verdict::busy ? reason::busy : reason::none);
  }
  // Each relay replaced its own label by that of the link the packet came by: read backwards they are the
  // path back.
  const path back{from, {head.labels.rbegin(), head.labels.rend()}, {}};
  if (!head.is_crypto)
    sessions.handle_packet(now, e.what, back);
  else if (!stopped)
    sessions.handle_crypto(now, e.what, back);
}

void node::composition::handle_path_error(instant now, const link::received& packet) {
  const auto error = wire::path_error::decode(packet.payload);
  const auto* known = error ? sessions.find(error->destination) : nullptr;
  if (known != nullptr && known->sent().contains(error->number, error->tail))
    suspect_path(now, error->destination, true);
}

void node::composition::pass_on(instant now, link_id from, link::received& packet) {
  if (!config.network_key || stopped) return;
  const auto next = relays.decide(from, packet, links, guests, gossip);
  if (next.refused) return refuse(now, from, packet, reason::unknown_route);
  if (!next.to) return;
  const auto to = *next.to;
  auto& head = packet.head;
  head.labels[head.hop++] = links.at(from).label;
  links.mark_ready(to);
  if (packet.type == frame_type::relay_data && writable(to) &&
      flows.pass_at_once(now, from, to, head, packet.payload.size()))
    return links.append_packet(now, to, packet.type, head, packet.payload);
  waiting_packet passed{packet.type, head, {packet.payload.begin(), packet.payload.end()}};
  if (packet.type != frame_type::relay_data) return controls.push(to, std::move(passed));
  turns.wake_passing(to);
  const auto v = flows.pass(now, from, to, std::move(passed));
  if (v == flow_table::verdict::beyond) return links.close(from, reason::protocol);
  if (v == flow_table::verdict::busy) {
    --head.hop;
    refuse(now, from, packet, reason::busy);
  }
  if (v == flow_table::verdict::ended) flows.refuse(now, from, flow_of(head), reason::none);
}

void node::composition::refuse(instant now, link_id from, const link::received& packet, reason why) {
  if (packet.type == frame_type::relay_data) flows.refuse(now, from, flow_of(packet.head), why);
  auto error = relays.error_for(now, from, packet, why);
  if (!error) return;
  controls.push(from, std::move(*error));
  links.mark_ready(from);
}

}  // namespace gof::core
