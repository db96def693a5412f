#include "mesh/neighbour_table.hpp"

#include "mesh/quality.hpp"

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

bool neighbour_table::set(const neighbour& other) {
  const auto [at, fresh] =
      links_.try_emplace(other.link, entry{other, 0, rate_limit::evenly(verifications_in_a_second_, 1s)});
  at->second.other = other;
  if (fresh) {
    by_node_.emplace(other.node, other.link);
    by_peer_.emplace(other.peer, other.link);
  }
  return fresh;
}

std::optional<neighbour_table::neighbour> neighbour_table::remove(link_id link) {
  auto its = links_.extract(link);
  if (!its) return std::nullopt;
  auto other = std::move(its.mapped().other);
  leave(by_node_, other.node, link);
  leave(by_peer_, other.peer, link);
  return other;
}

neighbour_table::entry* neighbour_table::find(link_id link) {
  const auto at = links_.find(link);
  return at == links_.end() ? nullptr : &at->second;
}

std::optional<peer_id> neighbour_table::peer_of(const node_id& node) const {
  const auto at = by_node_.find(node);
  return at == by_node_.end() ? std::nullopt : std::optional(links_.at(at->second).other.peer);
}

std::vector<node_id> neighbour_table::nodes_of(const peer_id& peer) const {
  std::vector<node_id> found;
  const auto [first, last] = by_peer_.equal_range(peer);
  for (auto one = first; one != last; ++one) found.push_back(links_.at(one->second).other.node);
  return found;
}

std::optional<node_id> neighbour_table::node_after(const std::optional<node_id>& node) const {
  const auto at = node ? by_node_.upper_bound(*node) : by_node_.begin();
  return at == by_node_.end() ? std::nullopt : std::optional(at->first);
}

std::optional<topology::neighbour> neighbour_table::best_to(const node_id& node) const {
  std::optional<topology::neighbour> best;
  const auto [first, last] = by_node_.equal_range(node);
  for (auto one = first; one != last; ++one) {
    const auto& its = links_.at(one->second);
    const wire::link_quality quality{its.round_trip, 0, 0};
    const bool member = its.other.is == neighbour::kind::member;
    if (!best || cost_of(quality) < cost_of(best->quality))
      best = {quality, member && (!best || best->relays)};
    else
      best->relays = best->relays && member;
  }
  return best;
}

std::vector<wire::record_link> neighbour_table::described(const record_store& records) const {
  std::map<node_id, wire::record_link> by_node;
  for (const auto& [link, its] : links_) {
    const auto& other = its.other;
    if (other.is == neighbour::kind::guest || other.their_label == 0) continue;
    const auto* says = records.links_of(other.node);
    if (says && !says->relays) continue;
    by_node[other.node] = {other.node, other.their_label, {its.round_trip, 0, 0}};
  }
  std::vector<wire::record_link> all;
  for (const auto& [node, link] : by_node)
    if (all.size() < wire::record_links::most_links) all.push_back(link);
  return all;
}

}  // namespace gof::core
