#pragma once

#include "forward/journal.hpp"

#include <gof/node.hpp>

namespace gof::forward {

/// What a log calls an event of the node. The words stay: scripts look for them.
std::string_view event_name(node_event::kind what);

happening happening_of(const node_event& event);

}  // namespace gof::forward
