#pragma once

#include "base/id.hpp"
#include "base/time.hpp"

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace gof::core {

/// Which other nodes are present: those with a record and a route. A node stays present while its route is
/// missing for a short time, but not once its record has expired.
class presence {
 public:
  static constexpr duration patience = 10s;  ///< how long a route may be missing

  struct news {
    node_id node;
    peer_id peer;
    bool there = false;
  };
  enum class sight { route, no_route, no_record };

  /// To be called for a node when what is seen of it may have changed.
  std::optional<news> handle_sight(instant now, const node_id& node, const peer_id& peer, sight seen);
  /// Nodes whose route has been missing for too long.
  std::vector<news> handle_timeout(instant now);
  std::optional<instant> poll_timeout() const;

 private:
  struct state {
    peer_id peer;
    std::optional<instant> lost;  ///< since when it has no route
  };
  std::map<node_id, state> nodes_;              ///< at most as many as records
  std::set<std::pair<instant, node_id>> lost_;  ///< those of them without a route, by the time since when
};

}  // namespace gof::core
