#pragma once

#include <cstdint>

namespace gof::core {

/// How many basic blocks of counted code (see CMakeLists.txt) have run in this process. Unlike processor time
/// this is the same on each machine and in each run. No other thread may run counted code.
std::uint64_t blocks_run();

}  // namespace gof::core
