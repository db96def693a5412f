#include "node/parts.hpp"

#include <algorithm>

namespace gof::core {

/// The best first: the link that leads there itself, then what the mesh knows.
std::vector<path> node::parts::ways_to(const node_id& node) const {
  std::vector<path> all;
  if (const auto direct = link_to(node)) all.push_back({*direct, {}, {}});
  for (const auto& route : gossip.routes_to(node)) {
    if (route.labels.empty()) continue;
    if (const auto first = link_to(route.first)) all.push_back({*first, route.labels, route.through});
  }
  return all;
}

/// The way that is gone by as long as it carries, unless there is now a link that leads there itself. One
/// that did not carry is better than none, unless a relay said that it is broken.
std::optional<path> node::parts::choose_way(instant now, const node_id& node, remote_entry& entry) const {
  std::erase_if(entry.suspects, [&](const suspect& s) { return now >= s.until; });
  auto all = ways_to(node);
  const auto drop = [&](bool broken_only) {
    std::erase_if(all, [&](const path& way) {
      return std::any_of(entry.suspects.begin(), entry.suspects.end(),
                         [&](const suspect& s) { return s.way == way && (s.broken || !broken_only); });
    });
  };
  drop(true);
  const auto possible = all;
  drop(false);
  if (all.empty()) all = possible;
  if (all.empty()) return std::nullopt;
  const auto& present = entry.remote->way();
  const bool stands = present && std::find(all.begin(), all.end(), *present) != all.end();
  return stands && !all.front().labels.empty() ? present : std::optional(all.front());
}

/// Only the client of a session chooses; its server follows. But a server knows when its link is gone, and
/// when one leads there itself.
void node::parts::reroute(instant now, const node_id& node) {
  const auto found = remotes.find(node);
  if (found == remotes.end()) return;
  auto& entry = found->second;
  const auto present = entry.remote->way();
  if (entry.remote->end_to_end().credentials()) {
    set_way(now, entry, choose_way(now, node, entry));
  } else if (!present || !links.contains(present->link) || !links.at(present->link).stands()) {
    const auto direct = link_to(node);
    set_way(now, entry, direct ? std::optional(path{*direct, {}, {}}) : std::nullopt);
  }
  settle(now, node);
}

void node::parts::reroute_all(instant now) {
  std::vector<node_id> all;
  for (const auto& [id, entry] : remotes) all.push_back(id);
  for (const auto& id : all) reroute(now, id);
}

void node::parts::set_way(instant now, remote_entry& entry, std::optional<path> way) {
  if (entry.remote->way() == way) return;
  end_flow(entry);
  // A link that was dialled again to the same node is no other way for people.
  const bool other = way && entry.last_labels && *entry.last_labels != way->labels;
  if (way) entry.last_labels = way->labels;
  entry.remote->handle_path(now, std::move(way));
  more_output = true;
  if (other && entry.remote->is_up())
    events.push_back(
        path_changed{*entry.remote->end_to_end().peer(), entry.remote->id(), hops_of(*entry.remote)});
}

/// It did not carry: by another one from now on, if there is one. Without, it is kept unless a relay said
/// that it is broken.
void node::parts::suspect_way(instant now, const node_id& node, bool broken) {
  const auto found = remotes.find(node);
  if (found == remotes.end() || !found->second.remote->way()) return;
  auto& entry = found->second;
  const auto way = *entry.remote->way();
  const bool ours = entry.remote->end_to_end().credentials().has_value();
  if (ours) {
    if (entry.suspects.size() >= most_suspects) entry.suspects.erase(entry.suspects.begin());
    entry.suspects.push_back({way, now + (broken ? broken_time : suspect_time), broken});
    set_way(now, entry, choose_way(now, node, entry));
  } else if (broken) {
    set_way(now, entry, std::nullopt);  // until the client comes by another
  }
  settle(now, node);
}

/// Flows that were idle end; ways that were doubted may be tried again; links tell how far they are.
void node::parts::tend_ways(instant now) {
  std::vector<node_id> lost;
  for (auto& [id, entry] : remotes) {
    if (entry.flow && now >= entry.flow->used + flow_idle_time) end_flow(entry);
    const bool over = std::any_of(entry.suspects.begin(), entry.suspects.end(),
                                  [&](const suspect& s) { return now >= s.until; });
    if (over && !entry.remote->way()) lost.push_back(id);
  }
  for (const auto& id : lost) reroute(now, id);
  for (const auto& [id, entry] : links)
    if (entry.stands() && entry.labelled)
      if (const auto rtt = entry.link->round_trip()) gossip.handle_round_trip(now, id, *rtt);
}

void node::parts::end_flow(remote_entry& entry) {
  if (!entry.flow) return;
  flows.end(entry.flow->link, entry.flow->id);
  entry.flow.reset();
}

/// The peer's nodes that may have the service, nearest first.
std::vector<node_id> node::parts::nodes_of(const peer_id& peer, const std::string& service) const {
  std::vector<node_id> near;
  for (const auto& [id, entry] : links)
    if (entry.stands() && entry.up->peer == peer && !entry.is_guests()) near.push_back(entry.up->node);
  for (const auto& id : gossip.nodes_of(peer))
    if (std::find(near.begin(), near.end(), id) == near.end()) near.push_back(id);
  if (service.empty()) return near;
  // Who has said nothing may have it, rather than who has said what it has.
  const auto rank = [&](const node_id& id) {
    const auto* says = gossip.profile_of(id);
    if (says == nullptr || says->services.empty()) return 1;
    return std::find(says->services.begin(), says->services.end(), service) == says->services.end() ? 2 : 0;
  };
  std::stable_sort(near.begin(), near.end(),
                   [&](const node_id& one, const node_id& other) { return rank(one) < rank(other); });
  return near;
}

}  // namespace gof::core
