#pragma once

#include "forward/connection_stats.hpp"

#include <gof/identity.hpp>

#include <boost/system/error_code.hpp>

#include <chrono>
#include <string>

namespace gof::forward {

using time_point = std::chrono::steady_clock::time_point;

/// How one forward stands now, by what probes and connections showed.
struct forward_report {
  std::string local;  ///< where it listens
  gof::peer peer;
  std::string peer_name;  ///< what it is called: never empty, safe to show
  std::string service;    ///< at the peer
  bool ready = false;     ///< the peer answers, and its target did when it was last tried
  time_point since{};     ///< it is so
  std::string why;        ///< not ready: in words
  connection_stats connections;
};

/// How one service stands now.
struct service_report {
  std::string name;
  std::string target;
  bool failing = false;  ///< the last dial of the target failed
  time_point since{};    ///< it is so; before the first dial: the start
  std::string why;       ///< failing: in words
  connection_stats connections;
};

}  // namespace gof::forward
