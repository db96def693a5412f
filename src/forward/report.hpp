#pragma once

#include "forward/connection_stats.hpp"

#include <gof/identity.hpp>

#include <boost/system/error_code.hpp>

#include <chrono>
#include <string>

namespace gof::forward {

using time_point = std::chrono::steady_clock::time_point;

/// The state of one forward, according to probes and connections.
struct forward_report {
  std::string local;  ///< the address that it listens on
  gof::peer peer;
  std::string peer_name;  ///< to show: never empty, printable
  std::string service;    ///< at the peer
  bool ready = false;     ///< the peer answers, and so did the target when it was last tried
  time_point since{};     ///< when `ready` last changed
  std::string why;        ///< if not ready: for people
  connection_stats connections;
};

/// The state of one service.
struct service_report {
  std::string name;
  std::string target;
  bool failing = false;  ///< the last dial of the target failed
  time_point since{};    ///< when `failing` last changed, or the start
  std::string why;       ///< if failing: for people
  connection_stats connections;
};

}  // namespace gof::forward
