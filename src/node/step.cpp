#include "base/peer_name.hpp"
#include "node/composition.hpp"
#include "secure/derive.hpp"

#include <utility>

// One turn: what arrived on links goes up to sessions and streams, and what these and the mesh have to send
// goes down to links, until nothing is left.

namespace gof::core {

using wire::reason;

node::composition::composition(node_config how, sctp::stack& on, random_source& source)
    : config(std::move(how)),
      random(source),
      stack(on),
      instance(source.draw<instance_id>()),
      self(secure::node_of(config.self.id(), instance)),
      links(config.self, instance, self, config.network_key, source),
      dials(source),
      guests(config.self.id()),
      gossip({config.self, instance, config.network_key.has_value()}, source),
      sessions(config, instance, self, on, source, budget),
      relays(self) {
  config.name = peer_name_or_none(config.name);
}

void node::composition::step(instant now) {
  for (bool busy = true; busy;) {
    while (step_data(now)) continue;  // most turns are only packets, and end here
    busy = step_mesh(now);
    busy = step_guests(now) || busy;
    busy = step_reach(now) || busy;
  }
}

bool node::composition::step_data(instant now) {
  bool any = step_links(now);
  any = step_sessions(now) || any;
  return step_flows(now) || any;
}

bool node::composition::step_links(instant now) {
  bool any = false;
  while (auto e = links.poll_event(now)) {
    std::visit([&](auto& what) { handle(now, what); }, *e);
    any = true;
  }
  return any;
}

bool node::composition::step_sessions(instant now) {
  bool any = false;
  if (std::exchange(ticks, stack.ticks()) != stack.ticks()) sessions.handle_tick();
  sessions.settle(now);
  while (auto e = sessions.poll_event()) {
    handle(now, *e);
    any = true;
  }
  while (const auto node = sessions.poll_ready()) {
    any = true;
    const auto* r = sessions.find(*node);
    if (r == nullptr) continue;
    wake(*r);
    if (streams.waiting() > 0 && r->streams() != nullptr && r->end_to_end().peer())
      assign_waiting(now, *r->end_to_end().peer());
  }
  while (const auto node = sessions.poll_path_changed()) {
    if (const auto* r = sessions.find(*node))
      events.push_back(path_changed{*r->end_to_end().peer(), *node, routes().hops_of(r->current_path())});
  }
  while (const auto node = sessions.poll_path_wanted()) reroute(now, *node);
  while (auto e = streams.poll_event()) events.push_back(std::move(*e));
  return any;
}

bool node::composition::step_flows(instant now) {
  bool any = false;
  while (const auto over = sessions.poll_ended_flow()) flows.end(over->link, over->id);
  while (const auto out = flows.poll_message()) {
    if (links.stands(out->link)) links.send(out->link, out->type, out->body);
  }
  while (const auto lost = flows.poll_lost()) {
    handle_lost_flow(now, *lost);
    any = true;
  }
  return any;
}

bool node::composition::step_mesh(instant now) {
  bool any = false;
  while (const auto link = gossip.poll_waiting()) talk(now, *link);
  while (const auto e = gossip.poll_event(now)) {
    if (const auto* profile = std::get_if<mesh::profile_changed>(&*e)) {
      guests.handle_profile(profile->peer, gossip);
      places_changed = places_changed || !links.nodes_of(profile->peer).empty();
      any = true;
    }
    if (!std::holds_alternative<mesh::routes_changed>(*e)) continue;
    any = reach_changed = true;
    for (const auto& node : sessions.nodes()) reroute(now, node);
  }
  return any;
}

bool node::composition::step_guests(instant now) {
  bool any = false;
  if (std::exchange(places_changed, false)) guests.handle_places(now, routes().places_of_members());
  guests.handle_timeout(now);
  while (const auto out = guests.poll_message())
    links.send(out->link, wire::frame_type::neighbours, out->body);
  while (const auto link = guests.poll_changed())
    if (links.at(*link).counts()) tell_mesh(now, *link);
  while (const auto link = guests.poll_withdrawn()) {
    links.close(*link, reason::withdrawn);
    any = true;
  }
  while (const auto link = guests.poll_expelled()) {
    expel(now, *link);
    any = true;
  }
  return any;
}

bool node::composition::step_reach(instant now) {
  if (stopped) return false;
  bool any = false;
  if (std::exchange(reach_changed, false)) {
    any = true;
    for (const auto& peer : dials.wanted())
      dials.note_reached(now, peer, keep_session(now, peer) || links.standing() == 0);
    for (const auto& peer : streams.wanted()) assign_waiting(now, peer);
  }
  while (const auto next = dials.poll_dial(now)) {
    const auto link = links.add_dial(next->whose, next->to.text());
    dials.handle_started(next->whose, link);
    events.push_back(dial_wanted{link, next->to});
  }
  while (auto e = dials.poll_event()) events.push_back(std::move(*e));
  return any;
}

}  // namespace gof::core
