#pragma once

#include "base/problem.hpp"

#include <map>
#include <string>
#include <string_view>

namespace gof::pages {

/// Parts by the name of their marker: generated from the option table, each ending with a newline.
using parts = std::map<std::string, std::string, std::less<>>;

/// `source` with each line "@name" replaced by the part of that name. A marker without a part, or a part
/// without a marker, is a problem, so that no list can be forgotten.
result<std::string> splice(std::string_view source, const parts& lists);

}  // namespace gof::pages
