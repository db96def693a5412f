#pragma once

#include "base/bytes.hpp"
#include "wire/reason.hpp"

#include <array>
#include <optional>

namespace gof::wire {

/// REFUSED: why the listener closes the link after a valid HELLO. gof-protocol(7), LINKS.
///
///     +---------------+-----------------------------------------------+
///     | reason        | MAC (16), over the greeting, the HELLO, reason |
///     +---------------+-----------------------------------------------+
struct refused {
  static constexpr std::size_t mac_size = 16;
  reason why = reason::none;
  std::array<std::uint8_t, mac_size> mac{};

  bytes encode() const;
  static std::optional<refused> decode(const_bytes data);
};

}  // namespace gof::wire
