#pragma once

#include "base/id.hpp"

#include <cstdint>
#include <vector>

namespace gof::core {

/// One way to another node: the link it leaves by and the label that each relay on it sends on by. None: the
/// link leads there itself.
struct path {
  link_id link{};
  std::vector<std::uint16_t> labels;
  std::vector<node_id> through;  ///< the relays, where they are known: a server only knows how many

  bool operator==(const path& other) const { return link == other.link && labels == other.labels; }
};

}  // namespace gof::core
