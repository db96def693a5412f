#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "node/event.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gof::core {

/// What a node shows of itself to people, at one moment.
struct link_state {
  link_id link;
  peer_id peer;
  node_id node;
  bool up = false;
  bool guest = false;
  bool dialled = false;
  std::optional<duration> round_trip;
  std::string address;  ///< the other end's
};
struct session_state {
  peer_id peer;
  node_id node;
  std::string name;
  bool up = false;  ///< association established
  bool has_path = false;
  std::optional<duration> round_trip;  ///< end to end, smoothed
  std::size_t streams = 0;
  std::vector<hop> through;           ///< relays on the path
  std::optional<duration> last_link;  ///< the round trip from the last of them
  bool under_way = false;  ///< some of what was written is not known to have arrived, or a stream stands
};
/// A node that the mesh knows.
struct known_state {
  node_id node;
  peer_id peer;
  std::string name;
  std::vector<std::string> services;
  bool relays = false;
  bool reachable = false;              ///< there is a route; of other nodes
  std::vector<hop> through;            ///< relays on the best
  std::optional<duration> round_trip;  ///< of the session with it, else of the link to it
};

}  // namespace gof::core
