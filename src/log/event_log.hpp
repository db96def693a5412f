#pragma once

#include "log/repeat_filter.hpp"
#include "log/throttled_logger.hpp"

#include <gof/node.hpp>

#include <map>
#include <set>
#include <string>

namespace gof::log {

/// Writes a node's events to the log. `to` must outlive this object.
class event_log {
 public:
  /// `joins`: the node dials members, and its links to them are logged as information.
  event_log(logger& to, bool joins);

  void write(const node_event& event);
  /// Why the last member that was dialled could not be reached, since the last link that was made; empty:
  /// unknown.
  const std::string& trouble() const { return trouble_; }

 private:
  void write_link(const node_event& event);
  void write_unreachable(const node_event& event);

  logger& to_;
  throttled_logger knocks_;
  bool joins_;
  std::set<std::string> linked_;                    ///< nodes that this node has dialled
  std::map<std::string, repeat_filter> unreached_;  ///< by the text of the line
  std::string trouble_;
};

}  // namespace gof::log
