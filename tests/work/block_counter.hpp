#pragma once

#include <cstdint>

namespace gof::core {

/// Basic blocks of counted code (CMakeLists.txt) that have run in this process: the same on each machine and
/// in each run, which processor time is not. No other thread may run counted code.
std::uint64_t blocks_run();

}  // namespace gof::core
