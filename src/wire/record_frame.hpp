#pragma once

#include "wire/record.hpp"

#include <optional>

namespace gof::wire {

/// RECORD: one record, and how long it still holds. gof-protocol(7), RECORDS.
///
///     +---------------------------------------------------------------+
///     | remaining lifetime (4), seconds                               |
///     +---------------------------------------------------------------+
///     | record ...
///     +---------------------------------------------------------------+
///
/// A record that is itself malformed is not this frame's matter: neighbours pass on what newer ones wrote.
struct record_frame {
  std::uint32_t remaining = 0;
  bytes data;

  bytes encode() const;
  static std::optional<record_frame> decode(const_bytes data);
};

}  // namespace gof::wire
