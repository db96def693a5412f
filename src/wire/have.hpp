#pragma once

#include "wire/record.hpp"

#include <optional>
#include <vector>

namespace gof::wire {

/// HAVE: the records that the sender holds, with their sequence numbers. gof-protocol(7), RECORDS.
///
///     +---------------------------------------------------------------+
///     |                           node (8)                            |
///     +---------------+-----------------------------------------------+
///     | part          | sequence number (8) ...                       |    for each record
///     +---------------+-----------------------------------------------+
///
/// Entries with an unknown part are skipped.
struct have {
  struct item {
    static constexpr std::size_t size = record_name::size + 8;
    record_name name;
    std::uint64_t seq = 0;
    auto operator<=>(const item&) const = default;
  };
  static constexpr std::size_t most_items = 1'024;  ///< a frame of 17 KiB; the rest goes into further ones

  std::vector<item> items;

  bytes encode() const;
  static std::optional<have> decode(const_bytes data);
};

}  // namespace gof::wire
