#include "node/node.hpp"

#include "base/hex.hpp"
#include "node/composition.hpp"

#include <cassert>
#include <utility>

namespace gof::core {

node::node(node_config config, sctp::stack& stack, random_source& random)
    : all_(std::make_unique<composition>(std::move(config), stack, random)) {}

node::~node() = default;

node_id node::id() const {
  return all_->self;
}
peer_id node::peer() const {
  return all_->config.self.id();
}

// ---- links

std::optional<link_id> node::accept_link(instant now, const std::string& source) {
  if (all_->stopped) return std::nullopt;
  const auto made = all_->links.accept(now, source);
  all_->step(now);
  return made;
}

void node::handle_connected(instant now, link_id id) {
  auto& p = *all_;
  const auto* its = p.links.find(id);
  if (its == nullptr || its->link || its->gone) return;
  if (p.dials.has(*its->dial)) {
    const auto& ticket = p.dials.ticket_of(*its->dial);
    const auto& key = p.config.network_key;
    if (ticket && !(key && secure::mesh_of(*key) == ticket->mesh))
      p.links.handle_connected(
          now, id,
          {secure::secret32(ticket->link_key), wire::link_role::guest, ticket->issuer, ticket->grant});
    else
      p.links.handle_connected(now, id, {*key, wire::link_role::member, {}, {}});
  } else {
    p.links.close(id, wire::reason::none);
  }
  p.step(now);
}

void node::handle_dial_failed(instant now, link_id id, const std::string& detail) {
  auto& p = *all_;
  if (const auto* its = p.links.find(id); its != nullptr && its->dial)
    p.dials.handle_failed(now, *its->dial, id, wire::reason::none, detail);
  p.links.forget(id);
  p.step(now);
}

void node::handle_bytes(instant now, link_id id, mutable_bytes data) {
  auto& p = *all_;
  p.links.handle_bytes(now, id, data);
  if (const auto guest = p.links.claimed(id);
      guest && p.guests.is_withdrawn(guest->issuer, guest->grant, p.gossip))
    p.links.refuse_with(id, wire::reason::withdrawn);
  p.step(now);
}

void node::handle_closed(instant now, link_id id, const std::string& failure) {
  all_->links.handle_closed(now, id, failure);
  all_->step(now);
  all_->links.forget(id);
}

void node::handle_timeout(instant now) {
  auto& p = *all_;
  // Not for each timer of a session: a tick costs a look at the timers of all associations.
  if (const auto due = p.stack.poll_timeout(); due && now >= *due) p.stack.advance(now);
  p.links.handle_timeout(now);
  p.gossip.handle_timeout(now);
  p.flows.handle_timeout(now);
  p.reach_changed = p.sessions.handle_timeout(now) || p.reach_changed;
  p.reach_changed = p.dials.handle_timeout(now) || p.reach_changed;
  for (const auto& at : p.streams.handle_timeout(now)) {
    if (auto* there = p.sessions.streams(at.node)) there->abort(at.number, wire::reason::target_timeout);
    p.sessions.touch(at.node);
  }
  p.retire_links(now);
  p.step(now);
}

buffer node::poll_transmit(instant now, link_id id) {
  auto& p = *all_;
  if (p.links.stands(id)) {
    p.fill(now, id);
    p.talk(now, id);
  }
  // Credit for others, and ends of flows after their last packet. More only if one of these ended a link.
  if (p.step_flows(now) || !p.links.is_quiet()) p.step(now);
  auto out = p.links.poll_transmit(id);
  if (const auto* its = p.links.find(id); its != nullptr && its->gone) {
    p.events.push_back(close_wanted{id, its->unheard});
    p.links.forget(id);
  }
  return out;
}

std::optional<link_id> node::poll_ready() {
  return all_->links.poll_ready();
}
void node::handle_writable(link_id link) {
  all_->links.mark_ready(link);
}

std::size_t node::handle_link_path(link_id link, const output_limit::path& now) {
  return all_->links.handle_path(link, now);
}

std::optional<event> node::poll_event() {
  auto& events = all_->events;
  while (!events.empty()) {
    auto e = std::move(events.front());
    events.pop_front();
    if (!all_->streams.outlived(e)) return e;
  }
  return std::nullopt;
}

std::optional<instant> node::poll_timeout() const {
  const auto& p = *all_;
  auto due = p.stack.poll_timeout();
  for (const auto& next : {p.links.poll_timeout(), p.dials.poll_timeout(), p.guests.poll_timeout(),
                           p.gossip.poll_timeout(), p.flows.poll_timeout(), p.sessions.poll_timeout(),
                           p.streams.poll_timeout(), p.retiring.poll_timeout()})
    if (next && (!due || *next < *due)) due = next;
  return due;
}

// ---- peers to reach

void node::publish(instant now, std::vector<std::string> services, std::vector<wire::address> addresses,
                   std::vector<grant_id> withdrawn) {
  auto& p = *all_;
  wire::record_profile mine;
  mine.name = p.config.name;
  mine.services = std::move(services);
  mine.addresses = std::move(addresses);
  mine.withdrawn = std::move(withdrawn);
  p.guests.withdraw(now, {mine.withdrawn.begin(), mine.withdrawn.end()});
  p.gossip.set_profile(now, mine);
  p.step(now);
}

std::optional<problem> node::add_ticket(instant now, const wire::ticket& ticket) {
  auto& p = *all_;
  if (const auto other = p.dials.other_mesh(ticket))
    return problem{"the tickets are of two meshes, " + to_hex(other->view()) + " and " +
                   to_hex(ticket.mesh.view()) + "; one node is in one mesh"};
  if (!p.dials.add_ticket(now, ticket)) return std::nullopt;
  for (const auto& [id, its] : p.links.all()) p.show_tickets(id);
  p.reach_changed = true;
  p.step(now);
  return std::nullopt;
}

void node::drop_ticket(instant now, const wire::ticket& ticket) {
  auto& p = *all_;
  const auto dropped = p.dials.drop_ticket(ticket);
  if (!dropped) return;
  for (const auto& [id, its] : p.links.all())
    if (its.stands() && its.dial && dropped->standing.contains(its.up->node)) p.retiring.add(now, id);
  for (const auto id : dropped->trying) p.links.close(id, wire::reason::none);
  p.let_go(ticket.issuer);
  p.step(now);
  p.retire_links(now);
  p.step(now);
}

void node::add_peer(instant now, const peer_id& peer) {
  assert(all_->config.network_key);
  if (!all_->dials.add_peer(peer)) return;
  all_->reach_changed = true;
  all_->step(now);
}

void node::drop_peer(instant now, const peer_id& peer) {
  if (all_->dials.drop_peer(peer)) all_->let_go(peer);
  all_->step(now);
}

void node::add_bootstrap(instant now, const std::vector<wire::address>& at) {
  assert(all_->config.network_key);
  all_->dials.add_bootstrap(now, at);
  all_->step(now);
}

// ---- the end

void node::shutdown(instant now) {
  auto& p = *all_;
  if (p.stopped) return;
  p.stopped = true;
  for (const auto& other : p.sessions.nodes()) {
    p.streams.handle_lost(other, wire::reason::shutdown);
    p.sessions.close(other, wire::reason::shutdown);
    const auto path = p.sessions.find(other)->current_path();
    if (path && p.links.stands(path->link)) p.send_controls(now, other, path->link);
  }
  p.streams.shut_down();
  p.sessions.clear();
  p.dials.clear();
  p.retiring.clear();
  std::vector<link_id> all;
  for (const auto& [id, its] : p.links.all()) all.push_back(id);
  for (const auto id : all) p.links.close(id, wire::reason::shutdown);
  p.step(now);
}

}  // namespace gof::core
