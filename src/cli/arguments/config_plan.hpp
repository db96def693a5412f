#pragma once

#include "base/problem.hpp"
#include "config/configuration.hpp"
#include "daemon/plan.hpp"

namespace gof::cli {

/// What a file asks of `gof run`. A problem begins with "FILE:LINE: ".
result<daemon::plan> plan_of(const config::configuration& file);

/// Parses one PEER of --allow or allow =.
result<gof::peer> read_allowed(std::string_view word, const config::configuration* file);

}  // namespace gof::cli
