#pragma once

#include "forward/report.hpp"

#include <gof/node.hpp>

#include <boost/json/object.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace gof::control {

/// The status of a node now: as probes and connections show it, not as it is configured.
struct node_status {
  std::string command;  ///< forward, serve, relay
  std::string version;  ///< of the program
  std::string name;
  gof::peer peer;
  std::string node;
  bool member = false;
  std::string mesh;  ///< hexadecimal; empty: not known
  forward::time_point started{};
  /// The node ends, and open connections may still finish.
  struct drain {
    std::size_t connections = 0;
    std::chrono::seconds left{};
  };
  std::optional<drain> draining;
  bool joins = false;                              ///< it should have a link to a member
  std::optional<forward::time_point> alone_since;  ///< since when it has none
  std::string alone_why;                           ///< in words; empty: not known
  std::vector<std::string> listening;
  node_snapshot now;
  std::vector<forward::forward_report> forwards;
  std::vector<forward::service_report> services;
};

/// As answers have it: to the microsecond.
double in_milliseconds(std::chrono::nanoseconds time);

/// What does not work, in words, each with how long. Empty: everything works. A node that drains works until
/// it ends.
std::vector<std::string> problems(const node_status& s, forward::time_point at);

/// gof-status(1), OUTPUT, without its lists of peers and links.
boost::json::object status_object(const node_status& s, forward::time_point at);
/// Entries of these lists.
boost::json::object session_object(const node_snapshot::session& one);
boost::json::object link_object(const node_snapshot::link& one);

/// gof-peers(1), OUTPUT: one node.
boost::json::object peer_object(const known_node& one);

/// gof-trace(1), OUTPUT. Empty: there is no session with the peer.
boost::json::object trace_object(const node_snapshot& now, const gof::peer& to);

}  // namespace gof::control
