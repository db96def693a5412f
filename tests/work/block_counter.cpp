#include "block_counter.hpp"

namespace gof::core {
namespace {
std::uint64_t count = 0;
}

std::uint64_t blocks_run() {
  return count;
}

}  // namespace gof::core

/// The compiler calls this at each basic block (-fsanitize-coverage=trace-pc).
extern "C" void __sanitizer_cov_trace_pc() {
  ++gof::core::count;
}
