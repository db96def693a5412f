#include "block_counter.hpp"

namespace gof::core {
namespace {
std::uint64_t count = 0;
}

std::uint64_t blocks_run() {
  return count;
}

}  // namespace gof::core

/// What the compiler calls at each block (-fsanitize-coverage=trace-pc).
extern "C" void __sanitizer_cov_trace_pc() {
  ++gof::core::count;
}
