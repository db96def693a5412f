#pragma once

#include "base/id.hpp"
#include "wire/reason.hpp"

#include <array>
#include <optional>

namespace gof::wire {

/// PROOF: the first sealed frame of each side of a link. gof-protocol(7), LINKS.
///
///     +---------------------------------------------------------------+
///     |                         instance (8)                          |
///     +---------------------------------------------------------------+
///     |            MAC (16): proof subkey over proof key, role         |
///     +-------------------------------+-------------------------------+
///     | features (4)                                                  |
///     +---------------------------------------------------------------+
///
/// Later versions may append fields, which are ignored.
struct proof {
  static constexpr std::size_t mac_size = 16;
  instance_id instance;
  std::array<std::uint8_t, mac_size> mac{};
  std::uint32_t features = 0;

  bytes encode() const;
  static std::optional<proof> decode(const_bytes data);
};

/// LABEL: the 16-bit number that stands for this link in routes at the sender. The first frame after PROOF;
/// not part of PROOF, because the label is derived from both node ids.
struct label {
  std::uint16_t number = 0;

  bytes encode() const;
  static std::optional<label> decode(const_bytes data);
};

/// PING and PONG. A PONG repeats the token of its PING.
struct ping {
  std::uint32_t token = 0;

  bytes encode() const;
  static std::optional<ping> decode(const_bytes data);
};

/// BYE: the sender closes the link after this frame.
struct bye {
  reason why = reason::none;

  bytes encode() const;
  static std::optional<bye> decode(const_bytes data);
};

}  // namespace gof::wire
