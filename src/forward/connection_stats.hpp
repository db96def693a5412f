#pragma once

#include <cstddef>
#include <cstdint>

namespace gof::forward {

/// The connections of one forward or service, and how much they carried.
struct connection_stats {
  std::size_t open = 0;
  std::uint64_t total = 0;     ///< since the start
  std::uint64_t sent = 0;      ///< bytes from here to the peer
  std::uint64_t received = 0;  ///< bytes from the peer
};

}  // namespace gof::forward
