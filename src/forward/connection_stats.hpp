#pragma once

#include <cstddef>
#include <cstdint>

namespace gof::forward {

/// Connections of one forward or service, and what they carried.
struct connection_stats {
  std::size_t open = 0;
  std::uint64_t total = 0;     ///< since the start
  std::uint64_t sent = 0;      ///< bytes from here to the peer
  std::uint64_t received = 0;  ///< bytes from the peer
};

}  // namespace gof::forward
