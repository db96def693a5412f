#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "node/event.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gof::core {

/// What a node shows people about itself at one moment.
struct link_state {
  link_id link;
  peer_id peer;
  node_id node;
  bool guest = false;
  bool dialled = false;
  std::optional<duration> round_trip;
  std::string address;  ///< of the other end
};
struct session_state {
  peer_id peer;
  node_id node;
  std::string name;
  bool up = false;  ///< the association is up
  bool has_path = false;
  std::optional<duration> round_trip;  ///< end to end, smoothed
  std::size_t streams = 0;
  std::vector<hop> through;           ///< relays on the path
  std::optional<duration> last_link;  ///< the round trip of the path's last link
  bool under_way = false;             ///< written data may not have arrived yet, or a stream is open
};
/// A node that the mesh knows.
struct known_state {
  node_id node;
  peer_id peer;
  std::string name;
  std::vector<std::string> services;
  bool relays = false;
  bool reachable = false;              ///< there is a route; for other nodes
  std::vector<hop> through;            ///< relays on the best route
  std::optional<duration> round_trip;  ///< of the session with it, or else of the link to it
};

}  // namespace gof::core
