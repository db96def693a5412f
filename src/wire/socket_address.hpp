#pragma once

#include "wire/reader.hpp"
#include "wire/writer.hpp"

#include <optional>

namespace gof::wire {

/// An IP address and a port, as a socket has them.
///
///     +---------------+-----------------------------------------------+
///     | family 4 or 6 | address (4 or 16), port (2) ...               |
///     +---------------+-----------------------------------------------+
struct socket_address {
  bool is_v6 = false;
  std::array<std::uint8_t, 16> address{};  ///< IPv4: the first four bytes
  std::uint16_t port = 0;

  std::size_t address_size() const { return is_v6 ? 16 : 4; }
  std::size_t encoded_size() const { return 1 + address_size() + 2; }
  void encode(writer& to) const;
  /// Decodes all that `from` has left. Empty: malformed, or the length does not match.
  static std::optional<socket_address> decode(reader from);

  bool operator==(const socket_address&) const = default;
};

}  // namespace gof::wire
