#pragma once

#include <gof/node.hpp>

#include <string>
#include <string_view>

namespace gof::log {

/// What a line tells in a word that scripts may rely on, and of whom: tests/README.md, Events.
struct fields {
  std::string_view event;  ///< empty: nothing of the kind
  std::string peer;        ///< its id; empty: nobody known
  std::string node;        ///< its id; empty: none known
};

/// What a log calls an event of the node. The words stay: scripts look for them.
std::string_view event_name(node_event::kind what);

fields fields_of(const node_event& event);

}  // namespace gof::log
