#include "mesh/mesh.hpp"

#include "mesh/quality.hpp"
#include "secure/derive.hpp"
#include "wire/record_frame.hpp"

#include <algorithm>

namespace gof::core {
namespace {

template <class Id>
void leave(std::multimap<Id, link_id>& index, const Id& id, link_id link) {
  const auto [first, last] = index.equal_range(id);
  const auto its = std::find_if(first, last, [&](const auto& one) { return one.second == link; });
  if (its != last) index.erase(its);
}

}  // namespace

mesh::mesh(const config& how, random_source& random)
    : config_(how),
      own_(secure::node_of(how.self.id(), how.instance)),
      store_(own_),
      spreading_(store_, how.member, random),
      links_(wire::record_part::links, how.self, how.instance),
      profile_(wire::record_part::profile, how.self, how.instance) {}

void mesh::handle_link_up(instant now, const neighbour& other) {
  now_ = now;
  const auto [at, fresh] = neighbours_.try_emplace(other.link);
  at->second.other = other;
  if (fresh) {
    by_node_.emplace(other.node, other.link);
    by_peer_.emplace(other.peer, other.link);
  }
  note_link(now, other, fresh);
  spreading_.handle_link_up(now, other.link, {other.is == neighbour::kind::guest, other.issuers});
  settle(now);
}

void mesh::handle_round_trip(instant now, link_id link, duration round_trip) {
  now_ = now;
  const auto at = neighbours_.find(link);
  if (at == neighbours_.end()) return;
  const auto code = round_trip_code(round_trip);
  // No route leads through a guest, so its round trip changes none: the first measurement is enough.
  const bool known = at->second.other.is == neighbour::kind::guest && at->second.round_trip != 0;
  if (known || !differ_much(code, at->second.round_trip)) return;
  at->second.round_trip = code;
  note_link(now, at->second.other, true);
  settle(now);
}

void mesh::handle_link_down(instant now, link_id link) {
  now_ = now;
  const auto at = neighbours_.find(link);
  if (at == neighbours_.end()) return;
  const auto other = at->second.other;
  leave(by_node_, other.node, link);
  leave(by_peer_, other.peer, link);
  neighbours_.erase(at);
  spreading_.handle_link_down(link);
  note_link(now, other, true);
  settle(now);
}

bool mesh::handle_frame(instant now, link_id link, wire::frame_type type, const_bytes body) {
  now_ = now;
  const auto at = neighbours_.find(link);
  if (at == neighbours_.end()) return true;  // sent before the other side knew that the link is over
  switch (type) {
    case wire::frame_type::have: return handle_have(link, at->second, body);
    case wire::frame_type::want: return handle_want(link, body);
    case wire::frame_type::record: return handle_record(now, link, at->second, body);
    default: return false;
  }
}

bool mesh::handle_have(link_id link, const standing& from, const_bytes body) {
  const auto message = wire::have::decode(body);
  if (!message || from.other.is == neighbour::kind::guest) return false;
  spreading_.handle_have(link, *message);
  return true;
}

bool mesh::handle_want(link_id link, const_bytes body) {
  const auto message = wire::want::decode(body);
  if (!message) return false;
  spreading_.handle_want(link, *message);
  return true;
}

bool mesh::handle_record(instant now, link_id link, standing& from, const_bytes body) {
  const auto message = wire::record_frame::decode(body);
  if (!message || from.other.is == neighbour::kind::guest) return false;
  const auto o = store_.accept(now, message->data, message->remaining, from.verifications);
  if (o.verdict == record_verdict::old || o.verdict == record_verdict::fresh)
    spreading_.handle_told(link, o.name, o.seq);
  if (o.verdict == record_verdict::old) return true;  // usual: the record arrived over another link first
  if (o.verdict != record_verdict::fresh) {
    if (refusals_ < most_refusals) {
      events_.push_back(record_refused{link, o.verdict});
      ++refusals_;
    }
    return true;
  }
  spreading_.handle_fresh(o.name);
  spreading_.handle_told(link, o.name, o.seq);
  if (o.changed && o.name.part == wire::record_part::profile) note_profile(o.name.node);
  if (o.changed && o.name.part == wire::record_part::links) {
    note_links(now);  // a neighbour may now say that it does not relay
    publish(now);
    change_map();
    settle(now);
  }
  return true;
}

void mesh::set_profile(instant now, const profile& own) {
  now_ = now;
  if (!config_.member || own_profile_ == own) return;
  own_profile_ = own;
  profile_.handle_change(now);
  publish(now);
}

void mesh::handle_timeout(instant now) {
  now_ = now;
  for (const auto& name : store_.handle_timeout(now)) {
    if (name.part == wire::record_part::links) change_map();
    if (name.part != wire::record_part::profile) continue;
    for (auto& [peer, nodes] : withdrawing_) nodes.erase(name.node);
    std::erase_if(withdrawing_, [](const auto& its) { return its.second.empty(); });
  }
  spreading_.handle_timeout(now);
  publish(now);
  settle(now);
  for (const auto& n : presence_.handle_timeout(now)) tell(n);
}

std::optional<instant> mesh::poll_timeout() const {
  std::optional<instant> due;
  const auto sooner = [&due](std::optional<instant> t) {
    if (t) due = std::min(due.value_or(*t), *t);
  };
  sooner(store_.poll_timeout());
  sooner(spreading_.poll_timeout());
  sooner(links_.poll_timeout());
  sooner(profile_.poll_timeout());
  sooner(presence_.poll_timeout());
  if (unsettled_) sooner(settled_ + settling);
  return due;
}

std::optional<mesh::event> mesh::poll_event() {
  if (events_.empty()) {
    if (!changed_profiles_.empty())
      return profile_changed{changed_profiles_.extract(changed_profiles_.begin()).value()};
    if (routes_told_) return std::nullopt;
    routes_told_ = true;
    return routes_changed{};
  }
  const auto e = events_.front();
  events_.pop_front();
  if (std::holds_alternative<record_refused>(e)) --refusals_;
  return e;
}

std::vector<node_id> mesh::nodes_of(const peer_id& peer) const {
  std::vector<std::pair<duration, node_id>> found;
  const auto add = [&](const node_id& node) {
    if (const auto cost = map().cost_to(node)) found.emplace_back(*cost, node);
  };
  for (const auto& node : store_.nodes_of(peer))
    if (node != own_) add(node);
  const auto [first, last] = by_peer_.equal_range(peer);
  for (auto one = first; one != last; ++one) add(neighbours_.at(one->second).other.node);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<node_id> nodes;
  for (const auto& [cost, node] : found) nodes.push_back(node);
  return nodes;
}

std::vector<node_id> mesh::nodes() const {
  std::vector<node_id> all;
  for (const auto& [name, held] : store_.all())
    if (name.node != own_) all.push_back(name.node);
  for (const auto& [link, n] : neighbours_) all.push_back(n.other.node);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::optional<duration> mesh::round_trip(const node_id& from, const node_id& to) const {
  for (const auto& [one, other] : {std::pair(from, to), std::pair(to, from)}) {
    const auto* links = store_.links_of(one);
    const auto* link = links ? links->to(other) : nullptr;
    if (link == nullptr) continue;
    if (const auto told = round_trip_of(link->quality.round_trip)) return told;
  }
  return std::nullopt;
}

std::optional<peer_id> mesh::peer_of(const node_id& node) const {
  if (const auto peer = store_.peer_of(node)) return peer;
  const auto near = by_node_.find(node);
  return near == by_node_.end() ? std::nullopt : std::optional(neighbours_.at(near->second).other.peer);
}

bool mesh::is_withdrawn(const peer_id& issuer, const grant_id& grant) const {
  const auto its = withdrawing_.find(issuer);
  if (its == withdrawing_.end()) return false;
  return std::any_of(its->second.begin(), its->second.end(), [&](const node_id& node) {
    const auto* says = store_.profile_of(node);
    return says && std::find(says->withdrawn.begin(), says->withdrawn.end(), grant) != says->withdrawn.end();
  });
}

void mesh::note_profile(const node_id& node) {
  const auto& held = *store_.find({node, wire::record_part::profile});
  changed_profiles_.insert(held.peer);
  if (!held.profile->withdrawn.empty()) {
    withdrawing_[held.peer].insert(node);
  } else if (const auto its = withdrawing_.find(held.peer); its != withdrawing_.end()) {
    its->second.erase(node);
    if (its->second.empty()) withdrawing_.erase(its);
  }
}

/// Names members only, each once: of two links to the same node, the newer.
wire::record_links mesh::describe_links() const {
  std::map<node_id, wire::record_link> by_node;
  for (const auto& [link, n] : neighbours_) {
    if (n.other.is == neighbour::kind::guest || n.other.their_label == 0) continue;
    const auto* its = store_.links_of(n.other.node);
    if (its && !its->relays) continue;
    by_node[n.other.node] = {n.other.node, n.other.their_label, {n.round_trip, 0, 0}};
  }
  wire::record_links now;
  now.relays = config_.member;
  for (const auto& [node, link] : by_node)
    if (now.links.size() < wire::record_links::most_links) now.links.push_back(link);
  return now;
}

/// A guest's link changes our record only if there is none yet: the record names members alone.
void mesh::note_link(instant now, const neighbour& other, bool changes_routes) {
  if (changes_routes || other.is == neighbour::kind::member) change_map();
  if (other.is == neighbour::kind::member || !store_.links_of(own_)) note_links(now);
  publish(now);
}

void mesh::note_links(instant now) {
  if (!config_.member) return;
  if (describe_links() != published_ || !store_.links_of(own_)) links_.handle_change(now);
}

void mesh::publish(instant now) {
  if (links_.is_due(now)) {
    published_ = describe_links();
    publish(now, links_, published_.encode());
  }
  if (profile_.is_due(now)) publish(now, profile_, own_profile_->encode());
}

void mesh::publish(instant now, publisher& by, bytes body) {
  const auto made = by.make(now, std::move(body));
  store_.keep(now, made);
  spreading_.handle_fresh({own_, made.part});
}

void mesh::change_map() {
  map_is_old_ = true;
  unsettled_ = true;
}

const topology& mesh::map() const {
  if (!map_is_old_) return map_;
  std::vector<topology::description> records;
  for (const auto& [name, held] : store_.all())
    if (held.links) records.push_back({name.node, &*held.links});
  std::vector<topology::neighbour> others;
  for (const auto& [link, n] : neighbours_)
    others.push_back({n.other.node, {n.round_trip, 0, 0}, n.other.is == neighbour::kind::member});
  map_ = topology(own_, records, others);
  map_is_old_ = false;
  return map_;
}

void mesh::settle(instant now) {
  if (!unsettled_ || now < settled_ + settling) return;
  unsettled_ = false;
  settled_ = now;
  routes_told_ = false;
  const auto look = [&](const node_id& node, const peer_id& peer, bool record) {
    const auto seen = !record               ? presence::sight::no_record
                      : map().cost_to(node) ? presence::sight::route
                                            : presence::sight::no_route;
    if (const auto n = presence_.handle_sight(now, node, peer, seen)) tell(*n);
  };
  std::vector<std::pair<node_id, peer_id>> without_record;
  for (const auto& [node, state] : presence_.nodes())
    if (!store_.links_of(node)) without_record.emplace_back(node, state.peer);
  for (const auto& [node, peer] : without_record) look(node, peer, false);
  for (const auto& [name, held] : store_.all())
    if (held.links && name.node != own_) look(name.node, held.peer, true);
}

void mesh::tell(const presence::news& n) {
  if (n.there)
    events_.push_back(node_known{n.node, n.peer});
  else
    events_.push_back(node_gone{n.node, n.peer});
}

}  // namespace gof::core
