#pragma once

#include "wire/record.hpp"

#include <optional>
#include <vector>

namespace gof::wire {

/// HAVE: which records the sender holds, and how new they are. gof-protocol(7), RECORDS.
///
///     +---------------------------------------------------------------+
///     |                           node (8)                            |
///     +---------------+-----------------------------------------------+
///     | part          | sequence number (8) ...                       |    for each record
///     +---------------+-----------------------------------------------+
///
/// Parts that are not known are skipped.
struct have {
  struct item {
    static constexpr std::size_t size = record_name::size + 8;
    record_name name;
    std::uint64_t seq = 0;
    auto operator<=>(const item&) const = default;
  };
  static constexpr std::size_t most_items = 1'024;  ///< a frame of 17 KiB; more go in further ones

  std::vector<item> items;

  bytes encode() const;
  static std::optional<have> decode(const_bytes data);
};

}  // namespace gof::wire
