#pragma once

#include "wire/record.hpp"

#include <optional>
#include <vector>

namespace gof::wire {

/// WANT: which records the sender asks for. gof-protocol(7), RECORDS.
///
///     +---------------------------------------------------------------+
///     |                           node (8)                            |
///     +---------------+-----------------------------------------------+
///     | part          |                                                    for each record
///     +---------------+
///
/// Parts that are not known are skipped.
struct want {
  static constexpr std::size_t most_names = 1'024;  ///< as many as a HAVE may have named

  std::vector<record_name> names;

  bytes encode() const;
  static std::optional<want> decode(const_bytes data);
};

}  // namespace gof::wire
