#pragma once

#include "base/id.hpp"
#include "base/time.hpp"

#include <map>
#include <optional>
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

  /// To be called for every node that is there when something may have changed, and for new ones.
  std::optional<news> handle_sight(instant now, const node_id& node, const peer_id& peer, sight seen);
  /// Those that were without a route for too long.
  std::vector<news> handle_timeout(instant now);
  std::optional<instant> poll_timeout() const { return look_at_; }

  struct state {
    peer_id peer;
    std::optional<instant> lost;
  };
  const std::map<node_id, state>& nodes() const { return nodes_; }

 private:
  std::map<node_id, state> nodes_;  ///< <= the records there are
  std::optional<instant> look_at_;  ///< nobody is given up before
};

}  // namespace gof::core
