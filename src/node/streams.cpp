#include "node/parts.hpp"

namespace gof::core {

using wire::reason;

stream_id node::parts::ask(instant now, const peer_id& to, const std::string& service, bool probe,
                           wire::open_options options) {
  const auto id = stream_id{next_stream++};
  auto& s = streams[id];
  s.peer = to;
  s.service = service;
  s.ours = true;
  s.probe = probe;
  s.options = std::move(options);
  s.deadline = now + config.connect_timeout;
  deadlines.emplace(*s.deadline, id);
  if (!assign(now, id, s)) pending.insert(id);
  return id;
}

const wire::ticket* node::parts::ticket_for(const peer_id& peer, const std::string& service) const {
  const wire::ticket* any = nullptr;
  for (const auto& [grant, entry] : tickets) {
    const auto& t = entry.ticket;
    if (t.issuer != peer) continue;
    const bool lists =
        std::any_of(t.services.begin(), t.services.end(), [&](const auto& s) { return s.name == service; });
    if (lists) return &t;
    any = &t;
  }
  return any;
}

/// The session a new stream belongs in: with the nearest of the peer's nodes that has the service and is
/// reached. Empty: none stands yet; one is being made if it can be.
node::parts::remote_entry* node::parts::session_for(instant now, const peer_id& peer,
                                                    const std::string& service) {
  const auto wanted = nodes_of(peer, service);
  for (const auto& id : wanted) {
    const auto at = remotes.find(id);
    if (at == remotes.end()) {
      if (stopped || session_retry.contains(id)) continue;
      start_session(now, id, peer);
      return nullptr;
    }
    if (!at->second.remote->end_to_end().watch().alive()) continue;
    return at->second.remote->streams() == nullptr ? nullptr : &at->second;
  }
  // One whose way is lost for now, or who came to us and whom nobody else knows.
  for (auto& [id, entry] : remotes)
    if (entry.remote->end_to_end().peer() == peer && entry.remote->streams() != nullptr) return &entry;
  return nullptr;
}

/// Gives a stream its place in the session with its peer, if that stands.
bool node::parts::assign(instant now, stream_id id, stream_entry& s) {
  auto* at = session_for(now, s.peer, s.service);
  if (at == nullptr) return false;
  auto& r = *at->remote;
  mux::grant_mac mac{};
  grant_id grant;
  if (const auto* ticket = ticket_for(s.peer, s.service)) {
    grant = ticket->grant;
    mac = r.end_to_end().token_proof(secure::secret32(ticket->token), grant);
  }
  s.at = r.id();
  auto options = std::exchange(s.options, {});
  s.number = s.probe ? r.streams()->probe(now, s.service, grant, mac, std::move(options))
                     : r.streams()->open(now, s.service, grant, mac, std::move(options));
  at->ids.emplace(s.number, id);
  if (s.holds_taken) r.streams()->hold_taken(s.number);
  if (s.finish_wanted) r.streams()->finish(s.number);
  if (s.reset_wanted) r.streams()->reset(s.number, s.reset_wanted->first, s.reset_wanted->second);
  return true;
}

void node::parts::assign_pending(instant now) {
  for (auto next = pending.begin(); next != pending.end();) {
    const auto id = *next;
    if (!assign(now, id, streams.at(id))) {
      ++next;
      continue;
    }
    next = pending.erase(next);
    if (!streams.at(id).probe) events.push_back(stream_writable{id});
  }
}

void node::parts::handle_stream(instant, const node_id& node, const mux::event& e) {
  auto& at = remotes.at(node);
  if (const auto* asked = std::get_if<mux::incoming>(&e)) {
    const auto id = stream_id{next_stream++};
    auto& s = streams[id];
    s.peer = *at.remote->end_to_end().peer();
    s.service = asked->asked.service;
    s.probe = asked->asked.probe;
    s.at = node;
    s.number = asked->asked.number;
    s.grant = asked->asked.grant;
    s.mac = asked->asked.mac;
    at.ids.emplace(s.number, id);
    auto options = asked->asked.options;
    // What somebody says of our host who does not run on it.
    if (!at.remote->end_to_end().is_same_host()) options.remove_host();
    events.push_back(
        stream_incoming{id, s.peer, node, s.service, s.grant, s.mac, s.probe, std::move(options)});
    return;
  }
  const auto number = std::visit(
      [](const auto& m) -> mux::number {
        if constexpr (requires { m.stream; }) return m.stream;
        return 0;
      },
      e);
  const auto found = at.ids.find(number);
  if (found == at.ids.end()) return;  // the owner let go of it
  const auto id = found->second;
  if (std::holds_alternative<mux::accepted>(e)) {
    answered(id, streams.at(id));
    events.push_back(stream_accepted{id});
  } else if (const auto* no = std::get_if<mux::refused>(&e)) {
    forget(id);
    events.push_back(stream_refused{id, no->why, no->text});
  } else if (std::holds_alternative<mux::probed>(e)) {
    forget(id);
    events.push_back(stream_probed{id});
  } else if (std::holds_alternative<mux::readable>(e)) {
    events.push_back(stream_readable{id});
  } else if (std::holds_alternative<mux::writable>(e)) {
    events.push_back(stream_writable{id});
  } else if (const auto* c = std::get_if<mux::confirmed>(&e)) {
    events.push_back(stream_confirmed{id, c->taken});
  } else if (const auto* ends = std::get_if<mux::ending>(&e)) {
    events.push_back(stream_ending{id, ends->why});
  } else if (const auto* r = std::get_if<mux::reset_by_peer>(&e)) {
    forget(id);
    events.push_back(stream_reset{id, r->why});
  } else if (std::holds_alternative<mux::done>(e)) {
    forget(id);
    events.push_back(stream_done{id});
  }
}

void node::parts::lose_streams(remote_entry& at, reason why) {
  const auto lost = std::exchange(at.ids, {});
  for (const auto& [number, id] : lost) {
    const auto& s = streams.at(id);
    if (s.ours && !s.answered)
      events.push_back(stream_refused{id, reason::survived_out, {}});
    else
      events.push_back(stream_reset{id, why == reason::none ? reason::survived_out : why});
    forget(id);
  }
}

/// Whether an event's stream ended while the event waited. An opening that nobody heard of must not be
/// judged, for the stream's proof is gone with it; then its end is nobody's business either.
bool node::parts::outlived(const event& e) {
  if (const auto* asked = std::get_if<stream_incoming>(&e)) {
    if (streams.contains(asked->stream)) return false;
    never_told.insert(asked->stream);
    return true;
  }
  if (const auto* r = std::get_if<stream_reset>(&e)) return never_told.erase(r->stream) > 0;
  if (const auto* r = std::get_if<stream_readable>(&e)) return !streams.contains(r->stream);
  if (const auto* w = std::get_if<stream_writable>(&e)) return !streams.contains(w->stream);
  return false;
}

/// What nobody answered in time.
void node::parts::expire(instant now) {
  while (!deadlines.empty() && deadlines.begin()->first <= now) {
    const auto id = deadlines.begin()->second;
    auto& s = streams.at(id);
    auto* at = streams_at(s);
    if (at != nullptr && now < *s.deadline + answer_grace) {
      deadlines.erase(deadlines.begin());
      s.deadline = *s.deadline + answer_grace;
      deadlines.emplace(*s.deadline, id);
      continue;
    }
    if (at != nullptr) at->abort(s.number, reason::target_timeout);
    events.push_back(stream_refused{id, at != nullptr ? reason::none : reason::survived_out, {}});
    forget(id);
  }
}

void node::parts::answered(stream_id id, stream_entry& s) {
  s.answered = true;
  if (!s.deadline) return;
  const auto [first, last] = deadlines.equal_range(*s.deadline);
  for (auto d = first; d != last; ++d) {
    if (d->second != id) continue;
    deadlines.erase(d);
    break;
  }
  s.deadline.reset();
}

void node::parts::forget(stream_id id) {
  const auto found = streams.find(id);
  if (found == streams.end()) return;
  answered(id, found->second);
  pending.erase(id);
  if (found->second.at) {
    if (const auto r = remotes.find(*found->second.at); r != remotes.end())
      r->second.ids.erase(found->second.number);
  }
  streams.erase(found);
}

node::parts::stream_entry* node::parts::find(stream_id id) {
  const auto found = streams.find(id);
  return found == streams.end() ? nullptr : &found->second;
}

mux* node::parts::streams_at(const stream_entry& s) {
  if (!s.at) return nullptr;
  const auto r = remotes.find(*s.at);
  return r == remotes.end() ? nullptr : r->second.remote->streams();
}

void node::parts::settle_streams(instant now, const stream_entry& s) {
  if (!s.at) return;
  const auto id = *s.at;  // the entry may go
  const auto r = remotes.find(id);
  if (r == remotes.end()) return;
  r->second.remote->settle_streams(now);
  while (auto e = r->second.remote->poll_event()) {
    handle(now, id, *e);
    if (!remotes.contains(id)) return;
  }
}

}  // namespace gof::core
