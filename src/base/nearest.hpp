#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gof {

/// The word of `known` that the user probably meant: the one with the fewest letters inserted, omitted,
/// changed or swapped, at most a third of them. Empty: none is close.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace gof
