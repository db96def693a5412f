#pragma once

#include "base/id.hpp"

#include <set>

namespace gof::core {

/// The label that a node gives its link to a neighbour: the first 16 bits of SHA-256(own id | neighbour), or
/// the next free number. A link that is re-established gets its label again, so that an older route leads to
/// the right node or to none. Never 0, unless all labels are taken.
std::uint16_t label_of(const node_id& own, const node_id& neighbour, const std::set<std::uint16_t>& taken);

}  // namespace gof::core
