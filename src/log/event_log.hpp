#pragma once

#include "log/repeat_filter.hpp"
#include "log/throttled_logger.hpp"

#include <gof/node.hpp>

#include <map>
#include <set>
#include <string>

namespace gof::log {

/// What a node's events are in the log. `to` outlives it.
class event_log {
 public:
  /// `joins`: the node dials members, whose links are worth a line of their own.
  event_log(logger& to, bool joins);

  void write(const node_event& event);

 private:
  void write_link(const node_event& event);
  void write_unreachable(const node_event& event);

  logger& to_;
  throttled_logger knocks_;
  bool joins_;
  std::set<std::string> linked_;                    ///< nodes, by links made from here
  std::map<std::string, repeat_filter> unreached_;  ///< by what was told
};

}  // namespace gof::log
