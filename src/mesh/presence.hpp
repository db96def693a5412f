#pragma once

#include "base/id.hpp"
#include "base/time.hpp"

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace gof::core {

/// Which other nodes count as there: those with a record and a route. A route that is missing for a moment is
/// no reason to give a node up; a record that expired is.
class presence {
 public:
  static constexpr duration patience = 10s;  ///< without a route

  struct news {
    node_id node;
    peer_id peer;
    bool there = false;
  };
  enum class sight { route, no_route, no_record };

  /// To be called for a node when what is seen of it may be something else than the last time.
  std::optional<news> handle_sight(instant now, const node_id& node, const peer_id& peer, sight seen);
  /// Those that were without a route for too long.
  std::vector<news> handle_timeout(instant now);
  std::optional<instant> poll_timeout() const;

 private:
  struct state {
    peer_id peer;
    std::optional<instant> lost;  ///< its route
  };
  std::map<node_id, state> nodes_;              ///< <= the records there are
  std::set<std::pair<instant, node_id>> lost_;  ///< of them, since when
};

}  // namespace gof::core
