#include "mesh/presence.hpp"

#include <algorithm>

namespace gof::core {

std::optional<presence::news> presence::handle_sight(instant now, const node_id& node, const peer_id& peer,
                                                     sight seen) {
  const auto at = nodes_.find(node);
  if (at == nodes_.end()) {
    if (seen != sight::route) return std::nullopt;
    nodes_.emplace(node, state{peer, std::nullopt});
    return news{node, peer, true};
  }
  if (seen == sight::no_record) {
    const news gone{node, at->second.peer, false};
    nodes_.erase(at);
    return gone;
  }
  if (seen == sight::route) {
    at->second.lost.reset();
  } else if (!at->second.lost) {
    at->second.lost = now;
    look_at_ = std::min(look_at_.value_or(now + patience), now + patience);
  }
  return std::nullopt;
}

std::vector<presence::news> presence::handle_timeout(instant now) {
  std::vector<news> gone;
  if (!look_at_ || now < *look_at_) return gone;
  look_at_.reset();
  for (auto at = nodes_.begin(); at != nodes_.end();) {
    const auto until = at->second.lost ? std::optional(*at->second.lost + patience) : std::nullopt;
    if (until && now >= *until) {
      gone.push_back({at->first, at->second.peer, false});
      at = nodes_.erase(at);
      continue;
    }
    if (until) look_at_ = std::min(look_at_.value_or(*until), *until);
    ++at;
  }
  return gone;
}

}  // namespace gof::core
