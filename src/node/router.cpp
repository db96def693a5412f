#include "node/router.hpp"

#include "wire/neighbours.hpp"

#include <algorithm>
#include <set>

namespace gof::core {

std::vector<path> router::paths_to(const node_id& node) const {
  std::vector<path> all;
  if (const auto direct = links_.to(node)) all.push_back({*direct, {}, {}});
  for (const auto& route : gossip_.routes_to(node)) {
    if (route.labels.empty()) continue;
    if (const auto first = links_.to(route.first)) all.push_back({*first, route.labels, route.through});
  }
  return all;
}

std::optional<path> router::path_to(const node_id& node) const {
  if (const auto direct = links_.to(node)) return path{*direct, {}, {}};
  const auto route = gossip_.route_to(node);
  if (!route || route->labels.empty()) return std::nullopt;
  const auto first = links_.to(route->first);
  return first ? std::optional(path{*first, route->labels, route->through}) : std::nullopt;
}

std::vector<node_id> router::nodes_of(const peer_id& peer, const std::string& service) const {
  auto near = links_.nodes_of(peer);
  for (const auto& id : gossip_.nodes_of(peer))
    if (std::find(near.begin(), near.end(), id) == near.end()) near.push_back(id);
  if (service.empty() || near.size() < 2) return near;
  // A node that has published no services is preferred to one that published others: it may have this one.
  const auto rank = [&](const node_id& id) {
    const auto* says = gossip_.profile_of(id);
    if (says == nullptr || says->services.empty()) return 1;
    return std::find(says->services.begin(), says->services.end(), service) == says->services.end() ? 2 : 0;
  };
  std::stable_sort(near.begin(), near.end(),
                   [&](const node_id& one, const node_id& other) { return rank(one) < rank(other); });
  return near;
}

std::optional<duration> router::round_trip(const node_id& from, const node_id& to) const {
  if (from != self_) return gossip_.round_trip(from, to);
  const auto link = links_.to(to);
  return link ? links_.at(*link).link->round_trip() : std::nullopt;
}

std::vector<hop> router::hops_of(const std::optional<path>& taken) const {
  if (!taken) return {};
  std::vector<hop> all(taken->labels.size());
  auto before = self_;
  for (std::size_t i = 0; i < std::min(all.size(), taken->through.size()); ++i) {
    auto& h = all[i];
    h.node = taken->through[i];
    h.peer = gossip_.peer_of(h.node).value_or(peer_id());
    if (const auto* says = gossip_.profile_of(h.node)) h.name = says->name;
    h.round_trip = round_trip(before, h.node);
    before = h.node;
  }
  return all;
}

std::vector<wire::address> router::places_of_members() const {
  std::set<node_id> nodes;
  for (const auto& [id, its] : links_.all())
    if (its.counts() && its.up->role == wire::link_role::member) nodes.insert(its.up->node);
  std::vector<wire::address> chosen;
  for (std::size_t turn = 0; turn < wire::record_profile::most_addresses; ++turn) {
    for (const auto& node : nodes) {
      const auto* says = gossip_.profile_of(node);
      if (!says || turn >= says->addresses.size() || says->addresses[turn].is_loopback()) continue;
      const bool known = std::find(chosen.begin(), chosen.end(), says->addresses[turn]) != chosen.end();
      if (!known && chosen.size() < wire::neighbours::most_addresses) chosen.push_back(says->addresses[turn]);
    }
  }
  return chosen;
}

}  // namespace gof::core
