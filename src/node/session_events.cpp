#include "node/composition.hpp"

#include <algorithm>
#include <utility>

// Sessions: their events, which ones exist, the path of each, and their streams.

namespace gof::core {

using wire::reason;

void node::composition::handle(instant now, session_table::event& e) {
  const auto& node = e.node;
  if (const auto* s = std::get_if<remote::stream_event>(&e.what)) {
    const auto* in = std::get_if<mux::incoming>(&s->what);
    if (in == nullptr) return streams.handle(node, s->what);
    if (const auto* r = sessions.find(node))
      streams.handle_incoming(*r->end_to_end().peer(), node, in->asked, r->end_to_end().is_same_host());
  } else if (const auto* l = std::get_if<remote::streams_lost>(&e.what)) {
    streams.handle_lost(node, l->why);
  } else if (const auto* o = std::get_if<session::over>(&e.what)) {
    end_session(now, node, *o);
  } else if (std::holds_alternative<session::doubtful>(e.what)) {
    const auto* r = sessions.find(node);
    links.doubt(now,
                r != nullptr && r->current_path() ? std::optional(r->current_path()->link) : std::nullopt);
    suspect_path(now, node, false);
  } else if (const auto* a = std::get_if<session::answered>(&e.what)) {
    if (const auto* r = sessions.find(node))
      events.push_back(pong{*r->end_to_end().peer(), node, a->round_trip});
  } else if (auto* up = std::get_if<session_up>(&e.what)) {
    events.push_back(std::move(*up));
  } else if (auto* lost = std::get_if<path_lost>(&e.what)) {
    events.push_back(*lost);
    reach_changed = true;  // the peer may have another node now
  } else if (auto* resumed = std::get_if<path_resumed>(&e.what)) {
    events.push_back(*resumed);
  }
}

// ---- begin and end

void node::composition::start_session(instant now, const node_id& node, const peer_id& peer) {
  session_credentials with;
  const auto* ticket = dials.ticket_for(peer, {});
  const bool member =
      config.network_key && (ticket == nullptr || secure::mesh_of(*config.network_key) == ticket->mesh);
  if (!member && ticket == nullptr) return;
  if (!member) {
    with.kind = wire::crypto::key_kind::guest;
    with.grant = ticket->grant;
  }
  with.crypto_key =
      secure::link_secrets(member ? *config.network_key : secure::secret32(ticket->link_key)).crypto;
  sessions.start(now, node, peer, with, routes().paths_to(node));
}

/// Keeps sessions with the peer, or begins one. False: none works, and the mesh has no node of the peer.
bool node::composition::keep_session(instant now, const peer_id& peer) {
  bool any = false;
  for (const auto& node : sessions.of(peer)) {
    sessions.keep(node, true);
    any = any || sessions.find(node)->end_to_end().watch().alive();
  }
  if (any) return true;
  for (const auto& node : routes().nodes_of(peer)) {
    any = true;
    if (!sessions.may_start(node)) continue;
    start_session(now, node, peer);
    if (sessions.find(node) != nullptr) sessions.keep(node, true);
    return true;
  }
  return any;
}

/// Its sessions are kept no longer, unless the peer is wanted for another reason.
void node::composition::let_go(const peer_id& peer) {
  if (dials.is_wanted(peer)) return;
  for (const auto& node : sessions.of(peer)) sessions.keep(node, false);
}

/// The addresses that led to this node lead to another one now, as after a restart: nothing would dial the
/// old one again.
void node::composition::give_up(const node_id& node) {
  const auto* r = sessions.find(node);
  if (r == nullptr || r->current_path() || dials.leads_to(node)) return;
  streams.handle_lost(node, reason::superseded);
  if (const auto& peer = r->end_to_end().peer())
    events.push_back(session_over{*peer, node, reason::superseded});
  sessions.forget(node);
}

/// If it was not informed, its other end would wait for us.
void node::composition::leave_session(instant now, const node_id& node, reason why) {
  streams.handle_lost(node, why);
  sessions.close(node, why);
  end_session(now, node, {why, false, {}});
}

void node::composition::end_session(instant now, const node_id& node, const session::over& why) {
  const auto* r = sessions.find(node);
  if (r == nullptr) return;
  while (auto e = streams.poll_event()) events.push_back(std::move(*e));
  const auto peer = r->end_to_end().peer();
  if (peer) events.push_back(session_over{*peer, node, why.why});
  if (why.renewed) return;
  const auto path = r->current_path();
  if (path && links.stands(path->link)) {
    send_controls(now, node, path->link);
    links.mark_ready(path->link);
  }
  const auto& asked = r->end_to_end().expected();
  if (r->end_to_end().credentials()) {
    if (!peer && asked && why.why != reason::none)
      events.push_back(unreachable{*asked, why.why, why.detail, session_table::retry_time});
    sessions.postpone(now, node);
  }
  sessions.forget(node);
  reach_changed = true;
}

// ---- paths

/// Only the client of a session chooses its path; the server follows. But a server notices when its link is
/// gone, and when a link leads to the client itself.
void node::composition::reroute(instant now, const node_id& node) {
  const auto* r = sessions.find(node);
  if (r == nullptr) return;
  if (r->end_to_end().credentials()) {
    // After most changes in the mesh a session already has the best path: no search for another one.
    if (!sessions.keeps(node, routes().path_to(node)))
      sessions.choose_path(now, node, routes().paths_to(node));
    return;
  }
  if (r->current_path() && links.stands(r->current_path()->link)) return;
  const auto direct = links.to(node);
  sessions.set_path(now, node, direct ? std::optional(path{*direct, {}, {}}) : std::nullopt);
}

/// The path failed: takes another one, if there is one.
void node::composition::suspect_path(instant now, const node_id& node, bool broken) {
  if (sessions.suspect_path(now, node, broken)) sessions.choose_path(now, node, routes().paths_to(node));
}

/// If the flow is ours, what is under way in it is lost. If it came to us, its sender has no path until it
/// gets a packet from us by a better one, so we send one at once.
void node::composition::handle_lost_flow(instant now, const wire::flow& lost) {
  const bool ours = lost.source == self;
  const auto& other = ours ? lost.destination : lost.source;
  auto* r = sessions.find(other);
  if (r == nullptr) return;
  if (!ours) {
    if (r->end_to_end().credentials()) sessions.probe(now, other);
    return;
  }
  if (!r->flow() || r->flow()->id != lost) return;
  r->end_flow();
  suspect_path(now, other, true);
}

/// It may have packets for its link.
void node::composition::wake(const remote& whose) {
  if (!whose.current_path()) return;
  turns.wake(whose.current_path()->link, whose.id());
  links.mark_ready(whose.current_path()->link);
}

/// A retiring link stays while it carries something, or while a wanted peer is reached only through it.
void node::composition::retire_links(instant now) {
  for (const auto link : retiring.poll(now)) {
    const auto* its = links.find(link);
    if (its == nullptr || !its->stands() || dials.stands_at(its->up->node)) {  // it would be made again
      retiring.forget(link);
      continue;
    }
    const auto needed = [&](const node_id& node) {
      const auto& r = *sessions.find(node);
      if (r.is_under_way()) return true;
      const auto paths = routes().paths_to(node);
      if (std::any_of(paths.begin(), paths.end(), [&](const path& one) { return one.link != link; }))
        return false;
      const auto& s = r.end_to_end();
      const auto& whose = s.peer() ? s.peer() : s.expected();
      return whose && dials.is_wanted(*whose);
    };
    const auto its_sessions = sessions.by_link(link);
    if (flows.passes_by(link) || std::any_of(its_sessions.begin(), its_sessions.end(), needed)) continue;
    for (const auto& node : its_sessions) {
      const auto paths = routes().paths_to(node);
      const bool only =
          std::all_of(paths.begin(), paths.end(), [&](const path& one) { return one.link == link; });
      if (only) leave_session(now, node, reason::none);
    }
    links.close(link, reason::none);
    retiring.forget(link);
  }
}

// ---- streams

/// The session for a new stream: with the nearest of the peer's nodes that has the service and a session.
/// Empty: there is none yet; one is being made if possible.
std::optional<node_id> node::composition::session_for(instant now, const peer_id& peer,
                                                      const std::string& service) {
  for (const auto& node : routes().nodes_of(peer, service)) {
    const auto* r = sessions.find(node);
    if (r == nullptr) {
      if (stopped || !sessions.may_start(node)) continue;
      start_session(now, node, peer);
      return std::nullopt;
    }
    if (!r->end_to_end().watch().alive()) continue;
    return r->streams() == nullptr ? std::nullopt : std::optional(node);
  }
  // A session whose path is lost for now, or with a peer that came to us and is unknown to the mesh.
  for (const auto& node : sessions.of(peer)) {
    const auto* r = sessions.find(node);
    if (r->end_to_end().peer() == peer && r->streams() != nullptr) return node;
  }
  return std::nullopt;
}

/// Gives a stream its place in the session with its peer, if that is up.
bool node::composition::assign(instant now, stream_id id) {
  const auto& s = *streams.find(id);
  const auto& wanted = streams.request_of(id);
  const auto node = session_for(now, s.peer, wanted.service);
  if (!node) return false;
  auto& there = *sessions.streams(*node);
  mux::grant_mac mac{};
  grant_id grant;
  if (const auto* ticket = dials.ticket_for(s.peer, wanted.service)) {
    grant = ticket->grant;
    mac = sessions.find(*node)->end_to_end().token_proof(secure::secret32(ticket->token), grant);
  }
  const auto number = s.probe ? there.probe(now, wanted.service, grant, mac, wanted.options)
                              : there.open(now, wanted.service, grant, mac, wanted.options);
  if (wanted.holds_taken) there.hold_taken(number);
  if (wanted.finish) there.finish(number);
  if (wanted.reset) there.reset(number, wanted.reset->first, wanted.reset->second);
  streams.handle_assigned(id, {*node, number});
  wake(*sessions.find(*node));
  return true;
}

void node::composition::assign_waiting(instant now, const peer_id& peer) {
  for (const auto id : streams.waiting_for(peer))
    if (assign(now, id) && !streams.find(id)->probe) events.push_back(stream_writable{id});
}

mux* node::composition::streams_of(const stream_table::stream* s) {
  return s != nullptr && s->at ? sessions.streams(s->at->node) : nullptr;
}

/// After a command to a stream, which changes only its session; if the session ends by it, more follows.
void node::composition::settle_streams(instant now, const std::optional<stream_table::place>& at) {
  if (!at) return;
  sessions.settle_streams(now, at->node);
  while (step_sessions(now)) continue;
  if (reach_changed) step(now);
}

}  // namespace gof::core
