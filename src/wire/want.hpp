#pragma once

#include "wire/record.hpp"

#include <optional>
#include <vector>

namespace gof::wire {

/// WANT: the records that the sender asks for. gof-protocol(7), RECORDS.
///
///     +---------------------------------------------------------------+
///     |                           node (8)                            |
///     +---------------+-----------------------------------------------+
///     | part          |                                                    for each record
///     +---------------+
///
/// Entries with an unknown part are skipped.
struct want {
  static constexpr std::size_t most_names = 1'024;  ///< as many as a HAVE can name

  std::vector<record_name> names;

  bytes encode() const;
  static std::optional<want> decode(const_bytes data);
};

}  // namespace gof::wire
