#pragma once

#include "base/id.hpp"

#include <array>
#include <optional>

namespace gof::wire {

enum class link_role : std::uint8_t { member = 0, guest = 1 };

/// The dialler's answer to the greeting. A guest names the grant of the link key that it holds.
/// gof-protocol(7), LINKS.
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +---------------+---------------+-------------------------------+
///     | version       | role          | issuer (32), guests only ...
///     +---------------+---------------+-------------------------------+
///     | grant (16), guests only ...                                   |
///     +---------------------------------------------------------------+
///     | MAC (16), over the greeting and all of the above ...          |
///     +---------------------------------------------------------------+
struct hello {
  static constexpr std::size_t member_size = 18;
  static constexpr std::size_t guest_size = 66;
  static constexpr std::size_t mac_size = 16;

  std::uint8_t version = 0;
  link_role role = link_role::member;
  peer_id issuer;
  grant_id grant;
  std::array<std::uint8_t, mac_size> mac{};

  /// The length of a HELLO that begins with these two bytes; empty: they do not begin one.
  static std::optional<std::size_t> size_of(const_bytes first_two);

  bytes encode_body() const;  ///< without the MAC
  bytes encode() const;
  static std::optional<hello> decode(const_bytes data);
};

}  // namespace gof::wire
