#include "mesh/mesh.hpp"

#include "mesh/quality.hpp"
#include "secure/derive.hpp"
#include "wire/record_frame.hpp"

#include <algorithm>

namespace gof::core {

mesh::mesh(const config& how, random_source& random)
    : config_(how),
      own_(secure::node_of(how.self.id(), how.instance)),
      store_(own_),
      spreading_(store_, how.member, random),
      links_(wire::record_part::links, how.self, how.instance),
      profile_(wire::record_part::profile, how.self, how.instance),
      map_(own_) {}

void mesh::handle_link_up(instant now, const neighbour& other) {
  const bool fresh = neighbours_.set(other);
  // First, so that a record about this link goes over it at once, without being asked for.
  spreading_.handle_link_up(now, other.link, {other.is == neighbour::kind::guest, other.issuers});
  note_link(now, other, fresh);
}

void mesh::handle_round_trip(instant now, link_id link, duration round_trip) {
  auto* at = neighbours_.find(link);
  if (at == nullptr) return;
  const auto code = round_trip_code(round_trip);
  // No route leads through a guest, so its round trip changes none: the first measurement is enough.
  const bool known = at->other.is == neighbour::kind::guest && at->round_trip != 0;
  if (known || !differ_much(code, at->round_trip)) return;
  at->round_trip = code;
  note_link(now, at->other, true);
}

void mesh::handle_link_down(instant now, link_id link) {
  const auto other = neighbours_.remove(link);
  if (!other) return;
  spreading_.handle_link_down(link);
  note_link(now, *other, true);
}

bool mesh::handle_frame(instant now, link_id link, wire::frame_type type, const_bytes body) {
  auto* at = neighbours_.find(link);
  if (at == nullptr) return true;  // sent before the other side knew that the link is over
  switch (type) {
    case wire::frame_type::have: return handle_have(link, *at, body);
    case wire::frame_type::want: return handle_want(link, body);
    case wire::frame_type::record: return handle_record(now, link, *at, body);
    default: return false;
  }
}

bool mesh::handle_have(link_id link, const neighbour_table::entry& from, const_bytes body) {
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

bool mesh::handle_record(instant now, link_id link, neighbour_table::entry& from, const_bytes body) {
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
    if (neighbours_.has(o.name.node)) note_links(now);  // it may now say that it does not relay
    publish(now);
    note_record(o.name.node);
  }
  return true;
}

void mesh::set_profile(instant now, const profile& own) {
  if (!config_.member || own_profile_ == own) return;
  own_profile_ = own;
  profile_.handle_change(now);
  publish(now);
}

void mesh::handle_timeout(instant now) {
  for (const auto& name : store_.handle_timeout(now)) {
    if (name.part == wire::record_part::links) note_record(name.node);
    if (name.part != wire::record_part::profile) continue;
    for (auto& [peer, nodes] : withdrawing_) nodes.erase(name.node);
    std::erase_if(withdrawing_, [](const auto& its) { return its.second.empty(); });
  }
  spreading_.handle_timeout(now);
  publish(now);
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
  if (unsettled_) sooner(settlings_.next());
  return due;
}

std::optional<mesh::event> mesh::poll_event(instant now) {
  settle(now);
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
  for (const auto& node : neighbours_.nodes_of(peer)) add(node);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<node_id> nodes;
  for (const auto& [cost, node] : found) nodes.push_back(node);
  return nodes;
}

std::vector<node_id> mesh::nodes(const std::optional<node_id>& after, std::size_t most) const {
  std::vector<node_id> found;
  for (auto at = after; found.size() < most;) {
    const auto told = store_.node_after(at);
    const auto near = neighbours_.node_after(at);
    if (!told && !near) break;
    at = !near || (told && *told < *near) ? told : near;
    if (*at != own_) found.push_back(*at);
  }
  return found;
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
  return neighbours_.peer_of(node);
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

wire::record_links mesh::describe_links() const {
  return {config_.member, neighbours_.described(store_)};
}

/// A guest's link changes our record only if there is none yet: the record names members alone.
void mesh::note_link(instant now, const neighbour& other, bool changes_routes) {
  if (changes_routes || other.is == neighbour::kind::member) {
    map_.set_neighbour(other.node, neighbours_.best_to(other.node));
    own_link_changed_ = unsettled_ = true;
  }
  if (other.is == neighbour::kind::member || !store_.links_of(own_)) note_links(now);
  publish(now);
}

/// A new link is measured within a round trip, which changes the record again.
void mesh::note_links(instant now) {
  if (!config_.member) return;
  const auto says = describe_links();
  const bool measured = std::all_of(says.links.begin(), says.links.end(),
                                    [](const auto& link) { return link.quality.round_trip != 0; });
  if (says != published_ || !store_.links_of(own_)) links_.handle_change(now, !measured);
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

void mesh::note_record(const node_id& node) {
  map_.set_links(node, store_.links_of(node));
  doubtful_.insert(node);
  unsettled_ = true;
}

const topology& mesh::map() const {
  map_.update();
  return map_;
}

/// Looks at those nodes alone that can be reached since the last time, or cannot, and whose records are
/// others.
void mesh::settle(instant now) {
  if (!unsettled_ || !settlings_.take(now)) return;
  unsettled_ = false;
  map_.update();
  const auto news = map_.take_news();
  if (std::exchange(own_link_changed_, false) || news.changed) routes_told_ = false;
  doubtful_.insert(news.turned.begin(), news.turned.end());
  for (const auto& node : std::exchange(doubtful_, {})) {
    const auto* held = store_.find({node, wire::record_part::links});
    const auto seen = !held                ? presence::sight::no_record
                      : map_.cost_to(node) ? presence::sight::route
                                           : presence::sight::no_route;
    if (const auto n = presence_.handle_sight(now, node, held ? held->peer : peer_id(), seen)) tell(*n);
  }
}

void mesh::tell(const presence::news& n) {
  if (n.there)
    events_.push_back(node_known{n.node, n.peer});
  else
    events_.push_back(node_gone{n.node, n.peer});
}

}  // namespace gof::core
