#pragma once

#include "wire/record.hpp"

#include <optional>

namespace gof::wire {

/// RECORD: one record, and how long it remains valid. gof-protocol(7), RECORDS.
///
///     +---------------------------------------------------------------+
///     | remaining lifetime (4), seconds                               |
///     +---------------------------------------------------------------+
///     | record ...
///     +---------------------------------------------------------------+
///
/// The frame may be valid and its record malformed: neighbours pass on records of newer versions.
struct record_frame {
  std::uint32_t remaining = 0;
  bytes data;

  bytes encode() const;
  static std::optional<record_frame> decode(const_bytes data);
};

}  // namespace gof::wire
