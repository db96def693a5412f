#pragma once

#include "base/id.hpp"

#include <cstdint>
#include <vector>

namespace gof::core {

/// A route to another node: the link that it leaves by, and the label by which each relay sends it on. No
/// labels: the link leads to the node itself.
struct path {
  link_id link{};
  std::vector<std::uint16_t> labels;
  std::vector<node_id> through;  ///< the relays, if known; a server knows only how many

  bool operator==(const path& other) const { return link == other.link && labels == other.labels; }
};

}  // namespace gof::core
