#include "mesh/topology.hpp"

#include "mesh/quality.hpp"

#include <algorithm>

namespace gof::core {

topology::vertex topology::find(const node_id& node) const {
  const auto at = by_node_.find(node);
  return at == by_node_.end() ? nowhere : at->second;
}

topology::vertex topology::add(const node_id& node) {
  if (const auto held = find(node); held != nowhere) return held;
  auto v = static_cast<vertex>(places_.size());
  if (free_.empty()) {
    places_.emplace_back();
    for (auto& layer : cheapest_) layer.emplace_back();
  } else {
    v = free_.back();
    free_.pop_back();
  }
  places_[v].node = node;
  by_node_.emplace(node, v);
  return v;
}

void topology::drop_unless_used(vertex v) {
  auto& its = places_[v];
  if (its.says || its.own != duration::max()) return;
  if (its.reachable) news_.turned.push_back(its.node);
  by_node_.erase(its.node);
  its = {};
  free_.push_back(v);
  changed_.insert(v);
}

// ---------------------------------------------------------------- edges

void topology::set_links(const node_id& node, const wire::record_links* says) {
  if (node == own_) return;  // our own links are given by set_neighbour()
  const auto v = says ? add(node) : find(node);
  if (v == nowhere) return;
  auto& its = places_[v];
  const bool relayed = its.relays();
  const auto before = std::exchange(its.says, says ? std::optional(*says) : std::nullopt);
  name(v, before);
  std::vector<arc> into;
  if (says)
    for (const auto& link : says->links) into.push_back(judge(v, link));
  its.into.swap(into);
  if (counting(its.into) != counting(into)) changed_.insert(v);
  if (relayed != its.relays()) {
    judge_all_from(v);
  } else if (relayed) {
    for (const auto* one : {&*before, says})
      for (const auto& link : one->links)
        if (const auto to = find(link.neighbour); to != nowhere) judge_again(v, to);
  }
  drop_unless_used(v);
}

void topology::set_neighbour(const node_id& node, const std::optional<neighbour>& link) {
  const auto v = link ? add(node) : find(node);
  if (v == nowhere) return;
  auto& its = places_[v];
  const bool relayed = its.relays();
  const auto cost = link ? cost_of(link->quality) : duration::max();
  if (its.own != cost) {
    its.own = cost;
    changed_.insert(v);
  }
  its.member = !link || link->relays;
  if (relayed != its.relays()) judge_all_from(v);
  drop_unless_used(v);
}

void topology::name(vertex by, const std::optional<wire::record_links>& before) {
  const auto& now = places_[by].says;
  const auto lacks = [](const auto& says, const node_id& node) { return !says || says->to(node) == nullptr; };
  if (before)
    for (const auto& link : before->links)
      if (lacks(now, link.neighbour)) named_.erase({link.neighbour, by});
  if (now)
    for (const auto& link : now->links)
      if (lacks(before, link.neighbour)) named_.insert({link.neighbour, by});
}

std::vector<topology::arc> topology::counting(std::vector<arc> those) {
  std::erase_if(those, [](const arc& a) { return a.from == nowhere; });
  return those;
}

topology::arc topology::judge(vertex to, const wire::record_link& link) const {
  const auto from = find(link.neighbour);
  if (from == nowhere || from == to || !places_[from].relays()) return {};
  const auto* back = places_[from].says->to(places_[to].node);
  if (places_[to].says->relays && !back) return {};
  return {from, link.label, cost_of(back ? worse(link.quality, back->quality) : link.quality)};
}

/// Without effect unless `to` names `from`.
void topology::judge_again(vertex from, vertex to) {
  auto& its = places_[to];
  const auto* link = its.says ? its.says->to(places_[from].node) : nullptr;
  if (link == nullptr) return;
  auto& held = its.into[static_cast<std::size_t>(link - its.says->links.data())];
  const auto now = judge(to, *link);
  if (now == held) return;
  held = now;
  changed_.insert(to);
}

void topology::judge_all_from(vertex from) {
  const auto& node = places_[from].node;
  for (auto at = named_.lower_bound({node, 0}); at != named_.end() && at->first == node; ++at)
    judge_again(from, at->second);
}

// ---------------------------------------------------------------- routes

/// All that have an arc from one of these, and possibly more.
std::vector<topology::vertex> topology::reached_by(const std::vector<vertex>& moved) const {
  std::vector<vertex> found;
  // With many of them it is cheaper to look at all.
  if (moved.size() > places_.size() / 8) {
    for (vertex v = 0; v < places_.size(); ++v) found.push_back(v);
    return found;
  }
  for (const auto from : moved) {
    if (!places_[from].relays()) continue;
    const auto& node = places_[from].node;
    for (auto at = named_.lower_bound({node, 0}); at != named_.end() && at->first == node; ++at)
      found.push_back(at->second);
  }
  return found;
}

topology::reach topology::step_to(vertex v, const std::vector<reach>& last) const {
  reach best;
  for (const auto& a : places_[v].into) {
    if (a.from == nowhere || last[a.from].cost == duration::max()) continue;
    const auto cost = last[a.from].cost + a.cost;
    if (cost < best.cost) best = {cost, a.from, a.label};  // arcs ascend: the lower id is kept
  }
  return best;
}

void topology::update() {
  if (changed_.empty()) return;
  cache_.clear();
  news_.changed = true;
  std::vector<vertex> touched(changed_.begin(), changed_.end());
  std::vector<vertex> moved;  // vertices whose cost in the layer below has changed
  for (std::size_t links = 0; links < most_links; ++links) {
    auto look = reached_by(moved);
    look.insert(look.end(), changed_.begin(), changed_.end());
    std::sort(look.begin(), look.end());
    look.erase(std::unique(look.begin(), look.end()), look.end());
    moved.clear();
    for (const auto v : look) {
      auto& held = cheapest_[links][v];
      const auto now = links == 0 ? reach{places_[v].own, nowhere, 0} : step_to(v, cheapest_[links - 1]);
      if (now == held) continue;
      if (now.cost != held.cost) moved.push_back(v);
      held = now;
    }
    touched.insert(touched.end(), moved.begin(), moved.end());
  }
  changed_.clear();
  note_reachable(touched);
}

void topology::note_reachable(const std::vector<vertex>& touched) {
  for (const auto v : touched) {
    const bool now = std::any_of(cheapest_.begin(), cheapest_.end(),
                                 [v](const auto& layer) { return layer[v].cost != duration::max(); });
    if (std::exchange(places_[v].reachable, now) != now) news_.turned.push_back(places_[v].node);
  }
}

topology::exclusion topology::nothing() const {
  return {std::vector<bool>(places_.size()), std::vector<bool>(places_.size())};
}

topology::layers topology::spread(const exclusion& without) const {
  layers made(most_links, std::vector<reach>(places_.size()));
  for (vertex v = 0; v < places_.size(); ++v)
    if (!without.first[v] && !without.anywhere[v]) made[0][v].cost = places_[v].own;
  for (std::size_t links = 1; links < most_links; ++links)
    for (vertex v = 0; v < places_.size(); ++v)
      if (!without.anywhere[v]) made[links][v] = step_to(v, made[links - 1]);
  return made;
}

std::optional<route> topology::extract(const layers& from, vertex destination) const {
  std::size_t best = 0;
  for (std::size_t links = 1; links < from.size(); ++links)
    if (from[links][destination].cost < from[best][destination].cost) best = links;
  if (from[best][destination].cost == duration::max()) return std::nullopt;
  route r;
  r.cost = from[best][destination].cost;
  vertex at = destination;
  for (std::size_t links = best; links > 0; --links) {
    const auto& step = from[links][at];
    r.labels.push_back(step.label);
    r.through.push_back(places_[step.from].node);
    at = step.from;
  }
  r.first = places_[at].node;
  std::reverse(r.labels.begin(), r.labels.end());
  std::reverse(r.through.begin(), r.through.end());
  return r;
}

std::optional<route> topology::backup_of(const route& best, vertex destination, exclusion without) const {
  const auto first = find(best.first);
  without.first[first] = true;
  auto disjoint = without;
  for (const auto& node : best.through) disjoint.anywhere[find(node)] = true;
  auto found = extract(spread(disjoint), destination);
  if (found || best.through.empty()) return found;
  auto elsewhere = without;
  elsewhere.anywhere[first] = true;  // sharing the first relay protects less
  found = extract(spread(elsewhere), destination);
  if (found || best.through.size() < 2) return found;
  // For a node with a single link, sharing it is the only choice.
  without.first[first] = false;
  for (auto relay = best.through.begin() + 1; relay != best.through.end(); ++relay)
    without.anywhere[find(*relay)] = true;
  return extract(spread(without), destination);
}

std::vector<route> topology::routes_to(const node_id& destination,
                                       const std::set<node_id>& avoiding_first_hops) const {
  const auto to = find(destination);
  if (to == nowhere) return {};
  const auto known = cache_.find(destination);
  const bool cached = avoiding_first_hops.empty();
  if (cached && known != cache_.end()) return known->second;
  auto without = nothing();
  for (const auto& node : avoiding_first_hops)
    if (const auto v = find(node); v != nowhere) without.first[v] = true;
  std::vector<route> found;
  if (auto best = extract(cached ? cheapest_ : spread(without), to)) {
    auto backup = backup_of(*best, to, std::move(without));
    found.push_back(std::move(*best));
    if (backup) found.push_back(std::move(*backup));
  }
  if (cached) cache_.emplace(destination, found);
  return found;
}

std::optional<route> topology::route_to(const node_id& destination) const {
  const auto to = find(destination);
  return to == nowhere ? std::nullopt : extract(cheapest_, to);
}

std::optional<duration> topology::cost_to(const node_id& destination) const {
  const auto to = find(destination);
  if (to == nowhere) return std::nullopt;
  duration best = duration::max();
  for (const auto& layer : cheapest_) best = std::min(best, layer[to].cost);
  return best == duration::max() ? std::nullopt : std::optional(best);
}

}  // namespace gof::core
