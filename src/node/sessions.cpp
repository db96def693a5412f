#include "node/parts.hpp"

namespace gof::core {

using wire::reason;

/// On a direct path a packet comes from the neighbour itself and is for this very node; anything else is
/// dropped.
void node::parts::handle_packet(instant now, link_id from, link::received& packet) {
  const auto& entry = links.at(from);
  if (packet.head.destination != self || packet.head.source != entry.up->node || !packet.head.labels.empty())
    return;
  if (packet.head.is_crypto) return handle_crypto(now, from, packet);
  const auto known = remotes.find(packet.head.source);
  if (known == remotes.end()) return;
  known->second.remote->handle_packet(now, packet.type, packet.head, packet.payload);
}

void node::parts::handle_crypto(instant now, link_id from, const link::received& packet) {
  const auto source = packet.head.source;
  const auto message = wire::crypto::decode(packet.payload);
  if (!message || stopped) return;
  const auto with = credentials_for(source, *message);
  if (!with || !secure::verify(with->crypto_key, *message, packet.type, source, self)) return;
  auto known = remotes.find(source);
  if (known == remotes.end()) {
    const auto half = std::count_if(remotes.begin(), remotes.end(),
                                    [](const auto& r) { return !r.second.remote->is_established(); });
    if (message->role != 0 || static_cast<std::size_t>(half) >= most_half_open) return;
    add_remote(source).remote->handle_path(now, from);
    known = remotes.find(source);
  }
  known->second.remote->handle_crypto(now, *message, *with);
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
  const session::config how{config.self, instance, self, id, config.name, config.survive};
  auto& entry = remotes[id];
  entry.remote = std::make_unique<remote>(how, stack, random, budget);
  return entry;
}

void node::parts::start_session(instant now, const contact& with) {
  const auto node = *with.node();
  const auto known = remotes.find(node);
  if (known != remotes.end()) return known->second.remote->keep(true);
  const auto way = link_to(node);
  if (!way) return;
  const auto& ticket = with.ticket();
  session_credentials credentials;
  credentials.kind = wire::crypto::key_kind::guest;
  credentials.grant = ticket.grant;
  credentials.crypto_key = secure::link_secrets(secure::secret32(ticket.link_key)).crypto;
  auto& entry = add_remote(node);
  entry.remote->keep(true);
  entry.remote->handle_path(now, way);
  entry.remote->connect(now, ticket.issuer, credentials);
}

void node::parts::start_sessions(instant now) {
  if (stopped) return;
  for (const auto& [grant, c] : contacts) {
    if (const auto retry = session_retry.find(grant); retry != session_retry.end()) {
      if (now < retry->second) continue;
      session_retry.erase(
          retry);  // even without a link: what stays past its time would be a timer that spins
    }
    if (c.is_up()) start_session(now, c);
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
    const auto way = remotes.at(id).remote->link();
    if (way) links.at(*way).link->doubt(now);
    return;
  }
  if (auto* up = std::get_if<session_up>(&e)) events.push_back(std::move(*up));
  if (auto* lost = std::get_if<path_lost>(&e)) events.push_back(*lost);
  if (auto* resumed = std::get_if<path_resumed>(&e)) events.push_back(*resumed);
}

/// The addresses that led to this node lead to another one now, as after a restart: nobody would dial it
/// again.
void node::parts::give_up(const node_id& id) {
  const auto found = remotes.find(id);
  if (found == remotes.end() || found->second.remote->link()) return;
  if (std::any_of(contacts.begin(), contacts.end(), [&](const auto& c) { return c.second.node() == id; }))
    return;
  lose_streams(found->second, reason::superseded);
  if (const auto& peer = found->second.remote->end_to_end().peer())
    events.push_back(session_over{*peer, id, reason::superseded});
  remotes.erase(found);
}

void node::parts::end_session(instant now, const node_id& id, const session::over& why) {
  const auto found = remotes.find(id);
  const auto& r = *found->second.remote;
  const auto peer = r.end_to_end().peer();
  if (peer) events.push_back(session_over{*peer, id, why.why});
  if (why.renewed) return;
  if (r.link()) {
    if (auto& l = links.at(*r.link()); l.up && !l.gone)
      transmit_controls(now, *found->second.remote, *l.link);
  }
  for (const auto& [grant, c] : contacts)
    if (c.node() == id) session_retry[grant] = now + session_retry_time;
  if (!peer && why.why != reason::none) {
    for (const auto& [grant, c] : contacts)
      if (c.node() == id)
        events.push_back(unreachable{c.ticket().issuer, why.why, why.detail, session_retry_time});
  }
  remotes.erase(found);
}

}  // namespace gof::core
