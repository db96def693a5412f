#pragma once

#include "base/id.hpp"
#include "wire/ticket_form.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace gof::wire {

/// A join ticket: makes its holder a member of the mesh. gof-protocol(7), TICKETS.
///
///     +---------------+---------------+-------------------------------+
///     | version 1     | kind 2        | issuer (32) ...
///     +---------------+---------------+-------------------------------+
///     | network key (32) ...                                          |
///     +---------------+-----------------------------------------------+
///     | addresses     | each: length, host, port (2) ...              |
///     +---------------+-----------------------------------------------+
///     | CRC-32C of all of the above (4)                               |
///     +---------------------------------------------------------------+
struct join_ticket {
  peer_id issuer;  ///< the member that printed it, which is dialled first
  std::array<std::uint8_t, 32> network_key{};
  std::vector<address> addresses;

  std::string text() const;
  /// As ticket::parse(). A service ticket is an error of its own.
  static ticket_result<join_ticket> parse(std::string_view text);
  static ticket_result<join_ticket> decode(const_bytes body);

  bool operator==(const join_ticket&) const = default;
};

}  // namespace gof::wire
