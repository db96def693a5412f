#pragma once

#include <gof/node.hpp>

namespace gof::forward {

/// The session that describes a peer. A peer may run several nodes, and one that was killed keeps its session
/// for a while: one that has a path is preferred, and of these the nearest. Null: none is up.
const node_snapshot::session* session_with(const node_snapshot& now, const gof::peer& peer);

}  // namespace gof::forward
