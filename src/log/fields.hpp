#pragma once

#include <gof/node.hpp>

#include <string>
#include <string_view>

namespace gof::log {

/// What scripts may rely on in a line: its event, and whom it concerns (tests/README.md, Events).
struct fields {
  std::string_view event;  ///< empty: the line is not an event
  std::string peer;        ///< its id; empty: no known peer
  std::string node;        ///< its id; empty: no known node
};

/// The name of an event in the log. These names never change, since scripts look for them.
std::string_view event_name(node_event::kind what);

fields fields_of(const node_event& event);

}  // namespace gof::log
