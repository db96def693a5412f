#include "node/node.hpp"

#include "base/peer_name.hpp"
#include "node/parts.hpp"

#include <utility>

namespace gof::core {

node::parts::parts(node_config how, sctp::stack& on, random_source& source)
    : config(std::move(how)),
      stack(on),
      random(source),
      instance(source.draw<instance_id>()),
      self(secure::node_of(config.self.id(), instance)),
      gossip({config.self, instance, config.network_key.has_value()}, source) {
  config.name = peer_name_or_none(config.name);
}

node::node(node_config config, sctp::stack& stack, random_source& random)
    : parts_(std::make_unique<parts>(std::move(config), stack, random)) {}

node::~node() = default;

node_id node::id() const {
  return parts_->self;
}
peer_id node::peer() const {
  return parts_->config.self.id();
}

// ---- links

std::optional<link_id> node::accept_link(instant now, const std::string& source) {
  auto& p = *parts_;
  if (p.stopped || !p.config.network_key) return std::nullopt;
  const auto id = link_id{p.next_link++};
  if (const auto victim = p.door.enter(id, source)) {
    p.events.push_back(stranger{*victim});
    p.close_link(now, *victim, wire::reason::busy);
  }
  parts::link_entry entry;
  entry.source = source;
  entry.link.emplace(now, p.config.self, p.instance, *p.config.network_key, p.random);
  p.links.emplace(id, std::move(entry));
  return id;
}

void node::handle_connected(instant now, link_id id) {
  auto& p = *parts_;
  const auto found = p.links.find(id);
  if (found == p.links.end() || found->second.link) return;
  const auto c = p.contacts.find(*found->second.contact);
  if (c == p.contacts.end()) return p.close_link(now, id, wire::reason::none);
  link_credentials with;
  if (const auto& t = c->second.ticket(); t && !p.is_member_of(t->mesh))
    with = {secure::secret32(t->link_key), wire::link_role::guest, t->issuer, t->grant};
  else
    with = {*p.config.network_key, wire::link_role::member, {}, {}};
  found->second.link.emplace(now, p.config.self, p.instance, with, p.random);
}

void node::handle_dial_failed(instant now, link_id id, const std::string& detail) {
  auto& p = *parts_;
  p.dial_failed(now, id, wire::reason::none, detail);
  p.links.erase(id);
}

void node::handle_bytes(instant now, link_id id, mutable_bytes data) {
  auto& p = *parts_;
  const auto found = p.links.find(id);
  if (found == p.links.end() || found->second.gone || !found->second.link) return;
  auto& entry = found->second;
  entry.link->handle_bytes(now, data);
  if (!entry.admitted && !entry.contact) {
    const auto guest = entry.link->claimed();
    const auto grant = guest ? std::optional(guest->grant) : std::nullopt;
    entry.link->refuse_with(p.door.verdict(now, entry.source, grant));
    if (guest && p.is_withdrawn(guest->issuer, guest->grant))
      entry.link->refuse_with(wire::reason::withdrawn);
  }
  p.drain_link(now, id);
}

void node::handle_closed(instant now, link_id id, const std::string& failure) {
  auto& p = *parts_;
  const auto found = p.links.find(id);
  if (found == p.links.end()) return;
  if (!found->second.gone && found->second.link) {
    found->second.link->handle_closed(failure);
    p.drain_link(now, id);
  }
  p.links.erase(id);
}

void node::handle_timeout(instant now) {
  auto& p = *parts_;
  p.stack.advance(now);
  std::vector<link_id> all;
  for (const auto& [id, entry] : p.links)
    if (entry.link && !entry.gone) all.push_back(id);
  for (const auto id : all) {
    if (const auto l = p.links.find(id); l != p.links.end() && l->second.link)
      l->second.link->handle_timeout(now);
    p.drain_link(now, id);
  }
  p.dial_due(now);
  p.gossip.handle_timeout(now);
  p.flows.handle_timeout(now);
  p.tend_ways(now);
  for (auto& [id, entry] : p.remotes) entry.remote->handle_timeout(now);
  p.settle_all(now);
  p.start_sessions(now);
  p.tend_spare_links(now);
  p.expel_due(now);
  p.expire(now);
  p.flush(now);
}

bytes node::poll_transmit(instant now, link_id id) {
  auto& p = *parts_;
  const auto found = p.links.find(id);
  if (found == p.links.end() || !found->second.link) return {};
  auto& entry = found->second;
  if (entry.stands()) p.flush(now);
  if (entry.stands()) {
    p.fill(now, id, *entry.link);
    p.flush(now);  // credit for others, ends of flows behind their last packet
  }
  auto out = entry.link->poll_transmit();
  if (entry.gone) {
    p.events.push_back(close_wanted{id, entry.unheard});
    p.links.erase(found);
  }
  return out;
}

std::optional<event> node::poll_event() {
  auto& p = *parts_;
  while (!p.events.empty()) {
    auto e = std::move(p.events.front());
    p.events.pop_front();
    if (!p.outlived(e)) return e;
  }
  return std::nullopt;
}

bool node::poll_more() {
  return std::exchange(parts_->more_output, false);
}

std::optional<instant> node::poll_timeout() const {
  const auto& p = *parts_;
  auto due = p.stack.poll_timeout();
  const auto sooner = [&due](const std::optional<instant>& t) {
    if (t && (!due || *t < *due)) due = t;
  };
  for (const auto& [id, entry] : p.links)
    if (entry.link && !entry.gone) {
      sooner(entry.link->poll_timeout());
      sooner(entry.places.due);
      sooner(entry.expelled_at);
    }
  for (const auto& [grant, c] : p.contacts) sooner(c.poll_timeout());
  for (const auto& [whom, at] : p.session_retry) sooner(at);
  for (const auto& [grant, t] : p.tickets) sooner(t.missed_at);
  for (const auto& [peer, missed_at] : p.kept_peers) sooner(missed_at);
  sooner(p.spare_due);
  sooner(p.gossip.poll_timeout());
  sooner(p.flows.poll_timeout());
  for (const auto& [id, entry] : p.remotes) {
    sooner(entry.remote->poll_timeout());
    if (entry.flow) sooner(entry.flow->used + parts::flow_idle_time);
    if (!entry.remote->way())
      for (const auto& s : entry.suspects) sooner(s.until);
  }
  if (!p.deadlines.empty()) sooner(p.deadlines.begin()->first);
  return due;
}

// ---- what is told of it

void node::publish(instant now, std::vector<std::string> services, std::vector<wire::address> addresses,
                   std::vector<grant_id> withdrawn) {
  auto& p = *parts_;
  wire::record_profile mine;
  mine.name = p.config.name;
  mine.services = std::move(services);
  mine.addresses = std::move(addresses);
  mine.withdrawn = std::move(withdrawn);
  p.withdrawn = {mine.withdrawn.begin(), mine.withdrawn.end()};
  p.withdraw_own(now);
  p.gossip.set_profile(now, mine);
  p.flush(now);
}

// ---- streams

stream_id node::open(instant now, const peer_id& to, const std::string& service, wire::open_options options) {
  const auto id = parts_->ask(now, to, service, false, std::move(options));
  const auto& s = *parts_->find(id);
  // Without room for its window it was refused already, and no packet is on its way that would bring that up.
  if (auto* at = parts_->streams_at(s); at != nullptr && !at->admits_stream()) parts_->settle_streams(now, s);
  return id;
}

stream_id node::probe(instant now, const peer_id& to, const std::string& service,
                      wire::open_options options) {
  return parts_->ask(now, to, service, true, std::move(options));
}

void node::ping(instant now, const peer_id& to) {
  parts_->ping(now, to);
}

void node::accept(instant now, stream_id id) {
  auto* s = parts_->find(id);
  if (s == nullptr) return;
  s->answered = true;
  if (auto* at = parts_->streams_at(*s)) at->accept(s->number);
  parts_->settle_streams(now, *s);
}

void node::confirm(instant, stream_id id) {
  auto* s = parts_->find(id);
  if (s == nullptr) return;
  if (auto* at = parts_->streams_at(*s)) at->confirm(s->number);
  parts_->forget(id);
}

void node::refuse(instant now, stream_id id, wire::reason why, const std::string& text) {
  auto* s = parts_->find(id);
  if (s == nullptr) return;
  if (why == wire::reason::withdrawn) parts_->handle_own_refusal(now, *s);
  if (auto* at = parts_->streams_at(*s)) at->refuse(s->number, why, text);
  parts_->forget(id);
}

std::size_t node::write(instant, stream_id id, const_bytes data) {
  auto* s = parts_->find(id);
  if (s == nullptr) return 0;
  auto* at = parts_->streams_at(*s);
  return at == nullptr ? 0 : at->write(s->number, data);
}

void node::finish(instant now, stream_id id) {
  auto* s = parts_->find(id);
  if (s == nullptr) return;
  s->finish_wanted = true;
  if (auto* at = parts_->streams_at(*s)) at->finish(s->number);
  parts_->settle_streams(now, *s);
}

bool node::await_room(stream_id id, std::size_t size) {
  auto* s = parts_->find(id);
  if (s == nullptr) return true;
  auto* at = parts_->streams_at(*s);
  return at != nullptr && at->await_room(s->number, size);
}

void node::reset(instant now, stream_id id, wire::reason why, std::uint64_t more) {
  auto* s = parts_->find(id);
  if (s == nullptr) return;
  s->reset_wanted.emplace(why, more);
  if (auto* at = parts_->streams_at(*s)) at->reset(s->number, why, more);
  const auto copy = *s;
  if (more == 0) parts_->forget(id);
  parts_->settle_streams(now, copy);
}

void node::abort(instant now, stream_id id, wire::reason why) {
  auto* s = parts_->find(id);
  if (s == nullptr) return;
  if (auto* at = parts_->streams_at(*s)) at->abort(s->number, why);
  const auto copy = *s;
  parts_->forget(id);
  parts_->settle_streams(now, copy);
}

void node::hold_taken(stream_id id) {
  auto* s = parts_->find(id);
  if (s == nullptr) return;
  s->holds_taken = true;
  if (auto* at = parts_->streams_at(*s)) at->hold_taken(s->number);
}

void node::taken(instant now, stream_id id, std::uint64_t offset) {
  auto* s = parts_->find(id);
  if (s == nullptr) return;
  if (auto* at = parts_->streams_at(*s)) at->taken(s->number, offset);
  parts_->settle_streams(now, *s);
}

const_bytes node::readable(stream_id id) const {
  const auto* s = parts_->find(id);
  const auto* at = s == nullptr ? nullptr : parts_->streams_at(*s);
  return at == nullptr ? const_bytes{} : at->front(s->number);
}

bool node::at_end(stream_id id) const {
  const auto* s = parts_->find(id);
  const auto* at = s == nullptr ? nullptr : parts_->streams_at(*s);
  return at != nullptr && at->at_end(s->number);
}

void node::consume(instant now, stream_id id, std::size_t size) {
  auto* s = parts_->find(id);
  if (s == nullptr) return;
  if (auto* at = parts_->streams_at(*s)) at->consume(now, s->number, size);
  parts_->settle_streams(now, *s);
}

bool node::proves(stream_id id, const secure::secret32& token) const {
  const auto* s = parts_->find(id);
  if (s == nullptr || s->ours || s->grant.is_zero()) return false;
  const auto at = parts_->remotes.find(*s->at);
  if (at == parts_->remotes.end()) return false;
  const auto& asker = at->second.remote->end_to_end();
  return asker.is_established() && secure::same(asker.token_proof(token, s->grant), s->mac);
}

// ---- end

void node::shutdown(instant now) {
  auto& p = *parts_;
  if (p.stopped) return;
  p.stopped = true;
  for (auto& [id, entry] : p.remotes) {
    p.lose_streams(entry, wire::reason::shutdown);
    entry.remote->close(wire::reason::shutdown);
    const auto& way = entry.remote->way();
    if (!way) continue;
    if (const auto l = p.links.find(way->link); l != p.links.end() && l->second.stands())
      p.transmit_controls(now, *entry.remote, *l->second.link);
  }
  for (const auto id : std::set<stream_id>(p.pending)) {
    p.events.push_back(stream_refused{id, wire::reason::shutdown, {}});
    p.forget(id);
  }
  p.remotes.clear();
  p.contacts.clear();
  p.tickets.clear();
  p.kept_peers.clear();
  p.spare.clear();
  p.spare_due.reset();
  p.session_retry.clear();
  std::vector<link_id> all;
  for (const auto& [id, entry] : p.links) all.push_back(id);
  for (const auto id : all) p.close_link(now, id, wire::reason::shutdown);
}

// ---- what stands

std::size_t node::streams() const {
  auto count = parts_->pending.size();
  for (const auto& [id, entry] : parts_->remotes)
    if (const auto* at = entry.remote->streams()) count += at->size();
  return count;
}

std::size_t node::flows() const {
  return parts_->flows.flows();
}

std::size_t node::granted_bytes() const {
  return parts_->budget.granted();
}

std::size_t node::passing_limit() const {
  return parts_->flows.held_limit();
}

std::size_t node::held_bytes() const {
  std::size_t held = 0;
  for (const auto& [id, entry] : parts_->remotes)
    if (const auto* at = entry.remote->streams()) held += at->held_bytes();
  return held + parts_->flows.held_bytes();
}

}  // namespace gof::core
