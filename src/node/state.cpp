#include "node/parts.hpp"

namespace gof::core {

std::vector<node::link_state> node::links() const {
  std::vector<link_state> all;
  for (const auto& [id, entry] : parts_->links) {
    if (!entry.stands()) continue;
    all.push_back({id, entry.up->peer, entry.up->node, true, entry.is_guests(), entry.contact.has_value(),
                   entry.link->round_trip(), entry.contact ? entry.address : entry.source});
  }
  return all;
}

std::vector<node::session_state> node::sessions() const {
  std::vector<session_state> all;
  for (const auto& [id, entry] : parts_->remotes) {
    const auto& r = *entry.remote;
    const auto& s = r.end_to_end();
    if (!s.peer()) continue;
    session_state state{*s.peer(),
                        id,
                        s.name(),
                        r.is_up(),
                        s.watch().alive(),
                        s.watch().round_trip(),
                        r.streams() == nullptr ? 0 : r.streams()->size(),
                        parts_->hops_of(r),
                        {},
                        r.is_under_way()};
    if (!state.through.empty()) state.last_link = parts_->round_trip(state.through.back().node, id);
    all.push_back(std::move(state));
  }
  return all;
}

std::vector<node::known_state> node::known() const {
  std::vector<known_state> all;
  const auto& p = *parts_;
  for (const auto& id : p.gossip.nodes()) {
    known_state state{id, p.gossip.peer_of(id).value_or(peer_id()), {}, {}, false, false, {}};
    if (const auto* says = p.gossip.profile_of(id)) {
      state.name = says->name;
      state.services = says->services;
    }
    if (const auto* links = p.gossip.records().links_of(id)) state.relays = links->relays;
    if (const auto ways = p.ways_to(id); !ways.empty()) {
      state.reachable = true;
      state.through = p.hops_of(ways.front());
    }
    all.push_back(std::move(state));
  }
  return all;
}

/// Between two neighbours: by our own measure, or by what the records of both tell.
std::optional<duration> node::parts::round_trip(const node_id& from, const node_id& to) const {
  if (from == self) {
    const auto link = link_to(to);
    return link ? links.at(*link).link->round_trip() : std::nullopt;
  }
  return gossip.round_trip(from, to);
}

std::vector<hop> node::parts::hops_of(const path& way) const {
  std::vector<hop> all(way.labels.size());
  auto before = self;
  for (std::size_t i = 0; i < std::min(all.size(), way.through.size()); ++i) {
    auto& h = all[i];
    h.node = way.through[i];
    h.peer = gossip.peer_of(h.node).value_or(peer_id());
    if (const auto* says = gossip.profile_of(h.node)) h.name = says->name;
    h.round_trip = round_trip(before, h.node);
    before = h.node;
  }
  return all;
}

std::vector<hop> node::parts::hops_of(const remote& to) const {
  return to.way() ? hops_of(*to.way()) : std::vector<hop>();
}

}  // namespace gof::core
