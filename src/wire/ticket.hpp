#pragma once

#include "base/id.hpp"
#include "wire/ticket_form.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace gof::wire {

/// A service that a ticket opens. The name matches [a-z0-9][a-z0-9-]{0,62}. The hint is the target's port; 0:
/// none.
struct ticket_service {
  std::string name;
  std::uint16_t port_hint = 0;
  auto operator<=>(const ticket_service&) const = default;
};

/// A service ticket: all that a guest needs, as one string of `gof1` and base32. gof-protocol(7), TICKETS.
///
///     +---------------+---------------+-------------------------------+
///     | version 1     | kind 1        | issuer (32) ...
///     +---------------+---------------+-------------------------------+
///     | mesh (8), grant (16), link key (32), token (32) ...           |
///     +---------------+-----------------------------------------------+
///     | services      | each: length, name, port hint (2) ...         |
///     +---------------+-----------------------------------------------+
///     | addresses     | each: length, host, port (2) ...              |
///     +---------------+-----------------------------------------------+
///     | CRC-32C of all of the above (4)                               |
///     +---------------------------------------------------------------+
struct ticket {
  static constexpr std::string_view prefix = ticket_form::prefix;
  static constexpr std::size_t most_services = 64;
  static constexpr std::size_t most_addresses = ticket_form::most_addresses;
  static constexpr std::size_t longest_text = ticket_form::longest_text;

  peer_id issuer;
  mesh_id mesh;
  grant_id grant;
  std::array<std::uint8_t, 32> link_key{};
  std::array<std::uint8_t, 32> token{};
  std::vector<ticket_service> services;
  std::vector<address> addresses;

  std::string text() const;
  /// A join ticket is an error of its own.
  static ticket_result<ticket> parse(std::string_view text);
  static ticket_result<ticket> decode(const_bytes body);

  bool operator==(const ticket&) const = default;
};

bool valid_service_name(std::string_view name);

}  // namespace gof::wire
