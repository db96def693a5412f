#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gof {

/// The word of `known` that was probably meant: the fewest letters inserted, left out, changed or swapped, at
/// most a third of them. Empty: none is near.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace gof
