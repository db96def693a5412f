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

  bool operator==(const path&) const = default;
};

}  // namespace gof::core
