#pragma once

#include "base/id.hpp"
#include "wire/flow.hpp"

#include <utility>

namespace gof::core {

/// A flow on a link: the one it comes in by, or the one it goes out by.
using flow_key = std::pair<link_id, wire::flow>;

/// The range of the flows on `link` in a map by flow_key.
template <class Map>
auto flows_on(Map& all, link_id link) {
  const auto next = link_id{static_cast<std::uint64_t>(link) + 1};
  return std::pair(all.lower_bound({link, {}}), all.lower_bound({next, {}}));
}

}  // namespace gof::core
