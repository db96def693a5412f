#include "mesh/topology.hpp"

#include "mesh/quality.hpp"

#include <algorithm>

namespace gof::core {

topology::topology(const node_id& own, const std::vector<description>& records,
                   const std::vector<neighbour>& neighbours) {
  for (const auto& r : records)
    if (r.node != own) nodes_.push_back(r.node);
  for (const auto& n : neighbours) nodes_.push_back(n.node);
  std::sort(nodes_.begin(), nodes_.end());
  nodes_.erase(std::unique(nodes_.begin(), nodes_.end()), nodes_.end());

  into_.resize(nodes_.size());
  own_.resize(nodes_.size());
  relays_.resize(nodes_.size());
  std::vector<const wire::record_links*> by_vertex(nodes_.size());
  for (const auto& r : records)
    if (const auto v = find(r.node); v != nowhere) by_vertex[v] = r.links;
  for (vertex v = 0; v < nodes_.size(); ++v) relays_[v] = by_vertex[v] && by_vertex[v]->relays;
  for (const auto& n : neighbours) {
    const auto v = find(n.node);
    relays_[v] = relays_[v] && n.relays;
    own_[v].cost = std::min(own_[v].cost, cost_of(n.quality));
  }
  for (vertex v = 0; v < nodes_.size(); ++v)
    if (by_vertex[v]) add_arcs(v, *by_vertex[v], by_vertex);
  cheapest_ = spread(nothing());
}

topology::vertex topology::find(const node_id& node) const {
  const auto at = std::lower_bound(nodes_.begin(), nodes_.end(), node);
  return at != nodes_.end() && *at == node ? static_cast<vertex>(at - nodes_.begin()) : nowhere;
}

void topology::add_arcs(vertex to, const wire::record_links& its,
                        const std::vector<const wire::record_links*>& records) {
  for (const auto& link : its.links) {
    const auto from = find(link.neighbour);
    if (from == nowhere || from == to || !relays_[from]) continue;
    const auto* back = records[from]->to(nodes_[to]);
    if (its.relays && !back) continue;
    into_[to].push_back(
        {from, link.label, cost_of(back ? worse(link.quality, back->quality) : link.quality)});
  }
}

topology::exclusion topology::nothing() const {
  return {std::vector<bool>(nodes_.size()), std::vector<bool>(nodes_.size())};
}

topology::layers topology::spread(const exclusion& without) const {
  layers made(1, own_);
  for (vertex v = 0; v < nodes_.size(); ++v)
    if (without.first[v] || without.anywhere[v]) made[0][v] = {};
  while (made.size() < most_links) {
    const auto& last = made.back();
    std::vector<reach> next(nodes_.size());
    for (vertex v = 0; v < nodes_.size(); ++v) {
      if (without.anywhere[v]) continue;
      for (const auto& a : into_[v]) {
        if (last[a.from].cost == duration::max()) continue;
        const auto cost = last[a.from].cost + a.cost;
        if (cost < next[v].cost) next[v] = {cost, a.from, a.label};  // arcs ascend: the lower id is kept
      }
    }
    made.push_back(std::move(next));
  }
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
    r.through.push_back(nodes_[step.from]);
    at = step.from;
  }
  r.first = nodes_[at];
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
