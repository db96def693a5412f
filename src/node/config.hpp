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
      network_key;         ///< with it a member, without it a guest wherever its tickets lead
  std::string name;        ///< told to nobody unless is_peer_name() holds
  duration survive = 60s;  ///< how long a session lives without a path; the smaller of both ends counts
  duration connect_timeout = 10s;  ///< how long open() and probe() wait for the peer
  host_id host{};                  ///< where the node runs; zero: not known
};

}  // namespace gof::core
