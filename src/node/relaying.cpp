#include "node/parts.hpp"
#include "wire/link_control.hpp"
#include "wire/path_error.hpp"

namespace gof::core {

using wire::frame_type;
using wire::reason;

void node::parts::handle_notice(instant now, link_id from, const link::notice& what) {
  bool sound = true;
  switch (what.type) {
    case frame_type::label: return handle_label(now, from, what.body);
    case frame_type::grant: return handle_grant(now, from, what.body);
    case frame_type::neighbours: return handle_neighbours(now, from, what.body);
    case frame_type::hop_credit:
      if (const auto heard = wire::hop_credit::decode(what.body))
        flows.handle_credit(from, *heard);
      else
        sound = false;
      break;
    case frame_type::flow_close:
      if (const auto heard = wire::flow_close::decode(what.body))
        flows.handle_close(now, from, heard->flow);
      else
        sound = false;
      break;
    case frame_type::flow_blocked:
      if (const auto heard = wire::flow_blocked::decode(what.body))
        flows.handle_blocked(from, heard->flow);
      else
        sound = false;
      break;
    case frame_type::flow_reset:
      if (const auto heard = wire::flow_reset::decode(what.body))
        flows.handle_reset(now, from, *heard);
      else
        sound = false;
      break;
    default: sound = links.at(from).labelled && gossip.handle_frame(now, from, what.type, what.body);
  }
  if (!sound) close_link(now, from, reason::protocol);
}

/// With it the link counts for routes.
void node::parts::handle_label(instant now, link_id from, const_bytes body) {
  auto& entry = links.at(from);
  const auto heard = wire::label::decode(body);
  if (!heard || entry.labelled) return close_link(now, from, reason::protocol);
  entry.labelled = true;
  entry.their_label = heard->number;
  tell_mesh(now, from);
  show_tickets(from);
  places_changed = true;
}

std::optional<link_id> node::parts::link_labelled(std::uint16_t label) const {
  for (const auto& [id, entry] : links)
    if (entry.stands() && entry.label == label) return id;
  return std::nullopt;
}

/// A guest speaks to nodes of its tickets' issuers alone.
bool node::parts::may_send(const link_entry& from, const wire::packet& head) const {
  if (!from.is_guests()) return true;
  const auto to = gossip.peer_of(head.destination);
  return to && from.tickets.allow(*to);
}

void node::parts::relay(instant now, link_id from, link::received& packet) {
  auto& head = packet.head;
  const auto& entry = links.at(from);
  if (!config.network_key || stopped || head.hop >= head.labels.size() || head.source == self ||
      !may_send(entry, head))
    return;
  if (packet.type == frame_type::relay_data && packet.payload.size() < least_data) return;
  const auto to = link_labelled(head.labels[head.hop]);
  if (!to || *to == from) return refuse(now, from, packet, reason::unknown_route);
  auto& next = links.at(*to);
  const bool last = head.hop + 1u == head.labels.size();
  // Where we are a guest ourselves nobody else's packets are taken.
  if (next.is_as_guest() || (next.is_guests() && !(last && next.up->node == head.destination)))
    return refuse(now, from, packet, reason::unknown_route);
  head.labels[head.hop++] = entry.label;
  more_output = true;
  if (packet.type == frame_type::relay_data && next.link->writable() &&
      flows.pass_at_once(from, *to, head, packet.payload.size()))
    return next.link->append_packet(now, packet.type, head, packet.payload);
  flow_table::waiting passed{packet.type, head, {packet.payload.begin(), packet.payload.end()}};
  if (packet.type != frame_type::relay_data) return flows.pass_control(*to, std::move(passed));
  const auto v = flows.pass(now, from, *to, std::move(passed));
  if (v == flow_table::verdict::beyond) return close_link(now, from, reason::protocol);
  if (v == flow_table::verdict::busy) {
    --head.hop;
    refuse(now, from, packet, reason::busy);
  }
  if (v == flow_table::verdict::ended) flows.refuse(from, flow_of(head), reason::none);
}

void node::parts::refuse(instant now, link_id from, const link::received& packet, reason why) {
  if (packet.type == frame_type::relay_data) flows.refuse(from, flow_of(packet.head), why);
  answer_with_error(now, from, packet, why);
}

void node::parts::answer_with_error(instant now, link_id from, const link::received& packet, reason why) {
  auto& entry = links.at(from);
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  if (std::exchange(entry.error_second, second) != second) entry.errors = 0;
  // An error about an error could go on for ever.
  if (packet.type == frame_type::path_error || ++entry.errors > most_path_errors) return;
  wire::path_error error;
  error.destination = packet.head.destination;
  error.number = packet.head.number_field();
  if (packet.payload.size() < error.tail.size()) return;
  std::copy(packet.payload.end() - static_cast<std::ptrdiff_t>(error.tail.size()), packet.payload.end(),
            error.tail.begin());
  error.why = why;
  wire::packet head;
  head.source = self;
  head.destination = packet.head.source;
  head.labels.assign(packet.head.labels.rend() - packet.head.hop, packet.head.labels.rend());
  flows.pass_control(from, {frame_type::path_error, std::move(head), error.encode()});
}

void node::parts::handle_path_error(instant now, const link::received& packet) {
  const auto error = wire::path_error::decode(packet.payload);
  if (!error) return;
  const auto known = remotes.find(error->destination);
  if (known == remotes.end() || !known->second.remote->sent(error->number, error->tail)) return;
  suspect_way(now, error->destination, true);
}

/// A flow of ours: what is under way in it is lost. One that came to us: its sender has no way until it hears
/// from us by a better one, so it does at once.
bool node::parts::handle_lost_flow(instant now, const wire::flow& lost) {
  const bool ours = lost.source == self;
  const auto& other = ours ? lost.destination : lost.source;
  const auto r = remotes.find(other);
  if (r == remotes.end()) return false;
  if (!ours) {
    if (r->second.remote->end_to_end().credentials()) r->second.remote->probe(now);
    return true;
  }
  if (!r->second.flow || r->second.flow->id != lost) return false;
  r->second.flow.reset();
  suspect_way(now, other, true);
  return true;
}

/// What the mesh and the flows have for links, and what they found out.
void node::parts::flush(instant now) {
  for (bool changed = true; changed;) {
    changed = false;
    for (auto& [id, entry] : links) {
      while (entry.stands() && entry.link->takes_news()) {
        const auto out = gossip.poll_transmit(id);
        if (!out) break;
        entry.link->send(out->type, out->body);
        more_output = true;
      }
    }
    while (const auto out = flows.poll_message()) {
      const auto l = links.find(out->link);
      if (l == links.end() || !l->second.stands()) continue;
      l->second.link->send(out->type, out->body);
      more_output = true;
      if (l->second.link->is_stalled()) close_link(now, out->link, reason::busy);
    }
    while (const auto lost = flows.poll_lost()) {
      changed = handle_lost_flow(now, *lost) || changed;
    }
    bool routes = false;
    while (const auto e = gossip.poll_event()) {
      if (const auto* profile = std::get_if<mesh::profile_changed>(&*e))
        handle_profile(now, profile->peer);
      else
        routes = true;
    }
    if (!routes) continue;
    changed = true;
    reroute_all(now);
    start_sessions(now);
    assign_pending(now);
  }
  tell_places(now);
}

}  // namespace gof::core
