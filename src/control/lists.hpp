#pragma once

#include "control/status.hpp"

#include <boost/json/object.hpp>

#include <map>
#include <set>
#include <string>

namespace gof::control {

// Answers that grow with the mesh are written one entry at a time, so that no step takes long.

/// The text of a JSON array. Its entries must be valid UTF-8.
class list_text {
 public:
  void add(const boost::json::object& entry);
  const std::string& entries() const { return entries_; }

 private:
  std::string entries_;
};

/// gof-peers(1), OUTPUT: the nearest nodes first.
class peers_answer {
 public:
  void add(const known_node& one);
  std::string line() const;

 private:
  std::map<std::size_t, list_text> by_relays_;  ///< on the route
};

/// For completion in shells: the words that may be given as PEER or service.
class names_answer {
 public:
  void add(const known_node& one);
  void add(const node_snapshot::session& one) { add(one.peer, one.name); }
  std::string line() const;

 private:
  std::set<std::string> peers_, services_;
  std::set<gof::peer> all_, named_;

  void add(const gof::peer& peer, const std::string& name);
};

/// gof-status(1), OUTPUT.
class status_answer {
 public:
  status_answer(node_status s, forward::time_point at);

  /// Writes up to so many entries. Whether more are left.
  bool make(std::size_t most);
  std::string line() const;

 private:
  boost::json::object head_;
  node_snapshot now_;
  std::size_t sessions_ = 0;
  std::size_t links_ = 0;
  list_text of_sessions_, of_links_;
};

}  // namespace gof::control
