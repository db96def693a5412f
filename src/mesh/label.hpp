#pragma once

#include "base/id.hpp"

#include <set>

namespace gof::core {

/// The label that a node gives its link to a neighbour: the first 16 bits of SHA-256(own id | neighbour), or
/// the next that is free. The same link gets the same label again, so that a route from before a restart of
/// the link reaches the right node or none. Never 0, which is what is returned when all are taken.
std::uint16_t label_of(const node_id& own, const node_id& neighbour, const std::set<std::uint16_t>& taken);

}  // namespace gof::core
