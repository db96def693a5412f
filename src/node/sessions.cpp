#include "node/parts.hpp"

namespace gof::core {

using wire::reason;

/// For this very node, or for another one that it is passed on to.
void node::parts::handle_packet(instant now, link_id from, link::received& packet) {
  auto& head = packet.head;
  // A guest speaks for itself alone, also to us. What names another node is no mistake that a node makes.
  const auto& by = links.at(from);
  if (by.is_guests() && (head.source != by.up->node || head.hop != 0))
    return close_link(now, from, reason::protocol, "a guest sent a packet in another node's name");
  if (head.destination != self || head.hop != head.labels.size()) return relay(now, from, packet);
  if (head.source == self || (head.labels.empty() && head.source != by.up->node)) return;
  if (packet.type == wire::frame_type::path_error) return handle_path_error(now, packet);
  if (packet.type == wire::frame_type::relay_data) {
    const auto v = flows.arrive(now, from, flow_of(head), packet.payload.size());
    if (v == flow_table::verdict::beyond) return close_link(now, from, reason::protocol);
    if (v != flow_table::verdict::taken)
      return flows.refuse(from, flow_of(head), v == flow_table::verdict::busy ? reason::busy : reason::none);
  }
  // Each relay put the label of the link it came by in the place of its own: read backwards it is the way
  // back.
  const path back{from, {head.labels.rbegin(), head.labels.rend()}, {}};
  if (head.is_crypto) return handle_crypto(now, back, packet);
  const auto known = remotes.find(head.source);
  if (known == remotes.end()) return;
  auto& entry = known->second;
  const bool newest = entry.remote->handle_packet(now, packet.type, head, packet.payload);
  // The session's client chooses the way, its server follows.
  if (newest && !entry.remote->end_to_end().credentials() && entry.remote->way() != back)
    set_way(now, entry, back);
}

void node::parts::handle_crypto(instant now, const path& back, const link::received& packet) {
  const auto source = packet.head.source;
  const auto message = wire::crypto::decode(packet.payload);
  if (!message || stopped) return;
  const auto with = credentials_for(source, *message);
  if (!with || !secure::verify(with->crypto_key, *message, packet.type, source, self)) return;
  auto known = remotes.find(source);
  if (known == remotes.end()) {
    if (!begin_half_open(now, source, back, *message)) return;
    add_remote(source);
    known = remotes.find(source);
  }
  auto& entry = known->second;
  if (!entry.remote->way() || (!entry.remote->is_established() && !entry.remote->end_to_end().credentials()))
    set_way(now, entry, back);
  entry.remote->handle_crypto(now, *message, *with);
}

/// Only with a client's first bytes: one that was given up cannot go on, and would only push others out.
bool node::parts::begin_half_open(instant now, const node_id& source, const path& back,
                                  const wire::crypto& message) {
  if (message.role != 0 || message.offset != 0 || message.piece.empty()) return false;
  half.tidy([&](const node_id& id) {
    const auto r = remotes.find(id);
    return r != remotes.end() && !r->second.remote->is_established() &&
           !r->second.remote->end_to_end().credentials();
  });
  half_open::origin from{back.link, back.labels, std::nullopt};
  if (message.key == wire::crypto::key_kind::guest) from.grant = message.grant;
  const auto verdict = half.enter(now, source, from);
  for (const auto& id : verdict.gone) remotes.erase(id);
  return verdict.taken;
}

/// The key a CRYPTO message must be under: that of our own attempt, or what a member can compute.
std::optional<session_credentials> node::parts::credentials_for(const node_id& source,
                                                                const wire::crypto& message) const {
  if (const auto known = remotes.find(source); known != remotes.end()) {
    const auto& ours = known->second.remote->end_to_end().credentials();
    if (ours && ours->kind == message.key && ours->grant == message.grant) return ours;
  }
  if (!config.network_key) return std::nullopt;
  session_credentials with;
  with.kind = message.key;
  with.grant = message.grant;
  const auto key = message.key == wire::crypto::key_kind::network
                       ? *config.network_key
                       : secure::guest_link_key(*config.network_key, config.self.id(), message.grant);
  with.crypto_key = secure::link_secrets(key).crypto;
  return with;
}

node::parts::remote_entry& node::parts::add_remote(const node_id& id) {
  const session::config how{config.self, instance, self, id, config.name, config.survive, config.host};
  auto& entry = remotes[id];
  entry.remote = std::make_unique<remote>(how, stack, random, budget);
  return entry;
}

bool node::parts::is_member_of(const mesh_id& mesh) const {
  return config.network_key && secure::mesh_of(*config.network_key) == mesh;
}

void node::parts::start_session(instant now, const node_id& node, const peer_id& peer) {
  session_credentials credentials;
  const auto* ticket = ticket_for(peer, {});
  if (ticket != nullptr && !is_member_of(ticket->mesh)) {
    credentials.kind = wire::crypto::key_kind::guest;
    credentials.grant = ticket->grant;
    credentials.crypto_key = secure::link_secrets(secure::secret32(ticket->link_key)).crypto;
  } else {
    if (!config.network_key) return;
    credentials.crypto_key = secure::link_secrets(*config.network_key).crypto;
  }
  auto& entry = add_remote(node);
  entry.remote->connect(now, peer, credentials);
  set_way(now, entry, choose_way(now, node, entry));
}

void node::parts::ping(instant now, const peer_id& to) {
  for (auto& [id, entry] : remotes) {
    const auto& s = entry.remote->end_to_end();
    if (s.peer() == to && entry.remote->is_up() && s.watch().alive()) {
      entry.remote->ask(now);
      more_output = true;
      return;
    }
  }
  if (pinging.size() >= most_pinging) return;
  pinging.insert(to);
  for (const auto& id : nodes_of(to, {})) {
    if (remotes.contains(id) || session_retry.contains(id)) continue;
    start_session(now, id, to);
    more_output = true;
    return;
  }
}

void node::parts::settle(instant now, const node_id& id) {
  const auto found = remotes.find(id);
  if (found == remotes.end()) return;
  auto& r = *found->second.remote;
  r.settle(now);
  while (auto e = r.poll_event()) {
    handle(now, id, *e);
    if (!remotes.contains(id)) return;
  }
  assign_pending(now);
}

void node::parts::settle_all(instant now) {
  std::vector<node_id> all;
  for (const auto& [id, entry] : remotes) all.push_back(id);
  for (const auto& id : all) settle(now, id);
}

void node::parts::handle(instant now, const node_id& id, remote::event& e) {
  if (const auto* s = std::get_if<remote::stream_event>(&e)) return handle_stream(now, id, s->what);
  if (const auto* l = std::get_if<remote::streams_lost>(&e)) return lose_streams(remotes.at(id), l->why);
  if (const auto* o = std::get_if<session::over>(&e)) return end_session(now, id, *o);
  if (std::holds_alternative<session::doubtful>(e)) {
    // All links, not only this way's: they are what another way begins with.
    for (auto& [other, entry] : links)
      if (entry.stands()) entry.link->doubt(now);
    return suspect_way(now, id, false);
  }
  if (const auto* a = std::get_if<session::answered>(&e))
    events.push_back(pong{*remotes.at(id).remote->end_to_end().peer(), id, a->round_trip});
  if (auto* up = std::get_if<session_up>(&e)) {
    if (pinging.erase(up->peer) > 0) remotes.at(id).remote->ask(now);
    events.push_back(std::move(*up));
  }
  if (auto* lost = std::get_if<path_lost>(&e)) events.push_back(*lost);
  if (auto* resumed = std::get_if<path_resumed>(&e)) events.push_back(*resumed);
}

/// The addresses that led to this node lead to another one now, as after a restart: nobody would dial it
/// again.
void node::parts::give_up(const node_id& id) {
  const auto found = remotes.find(id);
  if (found == remotes.end() || found->second.remote->way()) return;
  if (std::any_of(contacts.begin(), contacts.end(), [&](const auto& c) { return c.second.leads_to(id); }))
    return;
  lose_streams(found->second, reason::superseded);
  if (const auto& peer = found->second.remote->end_to_end().peer())
    events.push_back(session_over{*peer, id, reason::superseded});
  remotes.erase(found);
}

/// Nobody wants it, and its only way is to be closed: without a word its other end would wait for us.
void node::parts::leave_session(instant now, const node_id& id) {
  auto& entry = remotes.at(id);
  lose_streams(entry, reason::none);
  entry.remote->close(reason::none);
  end_session(now, id, {});
}

void node::parts::end_session(instant now, const node_id& id, const session::over& why) {
  const auto found = remotes.find(id);
  auto& entry = found->second;
  const auto& r = *entry.remote;
  const auto peer = r.end_to_end().peer();
  if (peer) events.push_back(session_over{*peer, id, why.why});
  if (why.renewed) return;
  if (const auto way = r.way()) {
    if (const auto l = links.find(way->link); l != links.end() && l->second.stands())
      transmit_controls(now, *entry.remote, *l->second.link);
  }
  end_flow(entry);
  if (r.end_to_end().credentials()) {
    session_retry[id] = now + session_retry_time;
    const auto& asked = r.end_to_end().expected();
    if (!peer && asked && why.why != reason::none)
      events.push_back(unreachable{*asked, why.why, why.detail, session_retry_time});
  }
  remotes.erase(found);
}

}  // namespace gof::core
