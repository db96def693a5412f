#pragma once

#include "base/problem.hpp"

#include <map>
#include <string>
#include <string_view>

namespace gof::pages {

/// By the name of their marker: what the option table has to say, each ending with a line.
using parts = std::map<std::string, std::string, std::less<>>;

/// `source` with each line "@name" replaced by the part of that name. A marker without a part and a part
/// without a marker are problems, so that no list can be forgotten.
result<std::string> splice(std::string_view source, const parts& lists);

}  // namespace gof::pages
