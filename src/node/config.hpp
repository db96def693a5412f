#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "secure/identity.hpp"
#include "secure/secret.hpp"

#include <optional>
#include <string>

namespace gof::core {

struct node_config {
  secure::identity self;
  std::optional<secure::secret32>
      network_key;         ///< with it the node is a member; without it, a guest of its tickets
  std::string name;        ///< sent only if is_peer_name() holds for it
  duration survive = 60s;  ///< how long a session lasts without a path; the smaller value of both ends counts
  duration connect_timeout = 10s;  ///< how long open() and probe() wait for the peer
  host_id host{};                  ///< the machine that the node runs on; zero: unknown
};

}  // namespace gof::core
