#pragma once

#include <cstdint>

namespace gof::wire {

/// The one version there is. A listener offers a range, a dialler picks: gof-protocol(7), LINKS.
constexpr std::uint8_t lowest_version = 1;
constexpr std::uint8_t highest_version = 1;

}  // namespace gof::wire
