#include "mesh/presence.hpp"

namespace gof::core {

std::optional<presence::news> presence::handle_sight(instant now, const node_id& node, const peer_id& peer,
                                                     sight seen) {
  const auto at = nodes_.find(node);
  if (at == nodes_.end()) {
    if (seen != sight::route) return std::nullopt;
    nodes_.emplace(node, state{peer, std::nullopt});
    return news{node, peer, true};
  }
  auto& its = at->second;
  if (seen == sight::no_route) {
    if (!its.lost) lost_.emplace(*(its.lost = now), node);
    return std::nullopt;
  }
  if (its.lost) lost_.erase({*std::exchange(its.lost, std::nullopt), node});
  if (seen == sight::route) return std::nullopt;
  const news gone{node, its.peer, false};
  nodes_.erase(at);
  return gone;
}

std::vector<presence::news> presence::handle_timeout(instant now) {
  std::vector<news> gone;
  while (!lost_.empty() && now >= lost_.begin()->first + patience) {
    const auto node = lost_.extract(lost_.begin()).value().second;
    gone.push_back({node, nodes_.extract(node).mapped().peer, false});
  }
  return gone;
}

std::optional<instant> presence::poll_timeout() const {
  if (lost_.empty()) return std::nullopt;
  return lost_.begin()->first + patience;
}

}  // namespace gof::core
