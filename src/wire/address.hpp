#pragma once

#include "base/problem.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gof::wire {

/// An address to dial a node at: IPv4, IPv6 or a host name, and a port. gof-protocol(7), TICKETS.
struct address {
  std::string host;  ///< IPv6 without brackets
  std::uint16_t port = 0;

  static constexpr std::size_t longest_host = 253;

  /// HOST:PORT or [IPV6]:PORT.
  std::string text() const;
  /// A loopback address, which means a different machine to each reader.
  bool is_loopback() const { return host == "localhost" || host == "::1" || host.starts_with("127."); }
  static result<address> parse(std::string_view text);

  void encode(writer& to) const;
  static std::optional<address> decode(reader& from);

  auto operator<=>(const address&) const = default;
};

}  // namespace gof::wire
