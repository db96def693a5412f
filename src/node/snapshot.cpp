#include "node/composition.hpp"

namespace gof::core {

std::vector<link_state> node::links() const {
  std::vector<link_state> all;
  for (const auto& [id, its] : all_->links.all()) {
    if (!its.stands()) continue;
    all.push_back({id, its.up->peer, its.up->node, its.is_guests(), its.dial.has_value(),
                   its.link->round_trip(), its.address});
  }
  return all;
}

std::vector<session_state> node::sessions() const {
  std::vector<session_state> all;
  const auto routes = all_->routes();
  for (const auto& id : all_->sessions.nodes()) {
    const auto& r = *std::as_const(all_->sessions).find(id);
    const auto& s = r.end_to_end();
    if (!s.peer()) continue;
    session_state state{*s.peer(),
                        id,
                        s.name(),
                        r.is_up(),
                        s.watch().alive(),
                        s.watch().round_trip(),
                        r.streams() == nullptr ? 0 : r.streams()->size(),
                        routes.hops_of(r.current_path()),
                        {},
                        r.is_under_way()};
    if (!state.through.empty()) state.last_link = routes.round_trip(state.through.back().node, id);
    all.push_back(std::move(state));
  }
  return all;
}

std::vector<known_state> node::known(const std::optional<node_id>& after, std::size_t most) const {
  std::vector<known_state> all;
  const auto routes = all_->routes();
  const auto& gossip = all_->gossip;
  for (const auto& id : gossip.nodes(after, most)) {
    known_state state{id, gossip.peer_of(id).value_or(peer_id()), {}, {}, false, false, {}, {}};
    if (const auto* says = gossip.profile_of(id)) {
      state.name = says->name;
      state.services = says->services;
    }
    if (const auto* links = gossip.records().links_of(id)) state.relays = links->relays;
    if (const auto best = routes.path_to(id)) {
      state.reachable = true;
      state.through = routes.hops_of(best);
    }
    const auto* session = std::as_const(all_->sessions).find(id);
    if (session != nullptr && session->is_up())
      state.round_trip = session->end_to_end().watch().round_trip();
    else
      state.round_trip = routes.round_trip(all_->self, id);
    all.push_back(std::move(state));
  }
  return all;
}

std::size_t node::streams() const {
  auto count = all_->streams.waiting();
  for (const auto& id : all_->sessions.nodes())
    if (const auto* at = std::as_const(all_->sessions).find(id)->streams()) count += at->size();
  return count;
}

std::size_t node::flows() const {
  return all_->flows.flows();
}

std::size_t node::granted_bytes() const {
  return all_->budget.granted();
}

std::size_t node::passing_limit() const {
  return all_->flows.held_limit() + all_->controls.held_limit();
}

std::size_t node::held_bytes() const {
  std::size_t held = 0;
  for (const auto& id : all_->sessions.nodes())
    if (const auto* at = std::as_const(all_->sessions).find(id)->streams()) held += at->held_bytes();
  return held + all_->flows.held_bytes() + all_->controls.held_bytes();
}

}  // namespace gof::core
