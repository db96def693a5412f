#pragma once

#include <cstdint>

namespace gof::wire {

/// There is only one version yet. A listener offers a range and the dialler picks: gof-protocol(7), LINKS.
constexpr std::uint8_t lowest_version = 1;
constexpr std::uint8_t highest_version = 1;

}  // namespace gof::wire
