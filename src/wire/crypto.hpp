#pragma once

#include "base/id.hpp"

#include <array>
#include <optional>

namespace gof::wire {

/// CRYPTO: a piece of a handshake's bytes, on a link or end to end. gof-protocol(7), HANDSHAKE.
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +---------------------------------------------------------------+
///     |                          attempt (8)                          |
///     +---------------+---------------+-------------------------------+
///     | role          | key           | grant (16), only with key 1 ...
///     +---------------+---------------+-------------------------------+
///     | acknowledged offset           | offset                        |
///     +-------------------------------+-------------------------------+
///     | bytes (0 to 1,200) ...                                        |
///     +---------------------------------------------------------------+
///     |                           MAC (16)                            |
///     +---------------------------------------------------------------+
struct crypto {
  using attempt_id = octets<struct attempt_tag, 8>;
  enum class key_kind : std::uint8_t { network = 0, guest = 1 };
  static constexpr std::size_t largest_piece = 1200;
  static constexpr std::size_t mac_size = 16;

  attempt_id attempt;
  std::uint8_t role = 0;  ///< of the sender: 0 client, 1 server
  key_kind key = key_kind::network;
  grant_id grant;
  std::uint16_t acknowledged = 0;
  std::uint16_t offset = 0;
  bytes piece;
  std::array<std::uint8_t, mac_size> mac{};

  /// Everything but the MAC, which covers these bytes, the frame's type, the source and the destination.
  bytes encode_body() const;
  bytes encode() const;
  static std::optional<crypto> decode(const_bytes data);
};

}  // namespace gof::wire
