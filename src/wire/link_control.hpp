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
/// More may follow in later versions and is ignored.
struct proof {
  static constexpr std::size_t mac_size = 16;
  instance_id instance;
  std::array<std::uint8_t, mac_size> mac{};
  std::uint32_t features = 0;

  bytes encode() const;
  static std::optional<proof> decode(const_bytes data);
};

/// LABEL: 16 bits by which the sender knows this link in routes; the first frame behind PROOF. It is made
/// from both node ids, so it cannot stand in PROOF itself.
struct label {
  std::uint16_t number = 0;

  bytes encode() const;
  static std::optional<label> decode(const_bytes data);
};

/// PING and PONG: the pong repeats the ping's token.
struct ping {
  std::uint32_t token = 0;

  bytes encode() const;
  static std::optional<ping> decode(const_bytes data);
};

/// BYE: the sender closes the link behind this frame.
struct bye {
  reason why = reason::none;

  bytes encode() const;
  static std::optional<bye> decode(const_bytes data);
};

}  // namespace gof::wire
