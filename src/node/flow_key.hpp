#pragma once

#include "base/id.hpp"
#include "wire/flow.hpp"

#include <utility>

namespace gof::core {

/// A flow on one link: where it comes in, or where it goes out.
using flow_key = std::pair<link_id, wire::flow>;

/// The range of those on `link`, in a map by flow_key.
template <class Map>
auto flows_on(Map& all, link_id link) {
  const auto next = link_id{static_cast<std::uint64_t>(link) + 1};
  return std::pair(all.lower_bound({link, {}}), all.lower_bound({next, {}}));
}

}  // namespace gof::core
