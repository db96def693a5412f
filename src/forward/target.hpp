#pragma once

#include "base/problem.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gof::forward {

/// A user's word, to repeat in a message: in quotes, cut if long; of a ticket only its prefix.
std::string in_quotes(std::string_view word);

/// A message that may contain a user's words: replaces any ticket by its prefix.
std::string without_tickets(std::string_view text);

/// [a-z0-9][a-z0-9-]{0,62}
bool valid_name(std::string_view name);

/// Letters, digits and the punctuation of host names and IP literals (without brackets); at most 253.
bool valid_host(std::string_view host);

/// FIRST-LAST, both ports. Empty: the text is not a range. The problem: it is an invalid range.
using port_range = std::pair<std::uint16_t, std::uint16_t>;
result<std::optional<port_range>> parse_port_range(std::string_view text);

/// Decimal digits only, 0 to 65535.
std::optional<std::uint16_t> parse_port(std::string_view text);

/// Where a service's connections go: a TCP port of a host, or a unix socket.
struct target {
  /// What sun_path holds, without the zero after a path or before an abstract name.
  static constexpr std::size_t longest_path = 107;
  static constexpr std::size_t most_of_range = 64;  ///< the services of a node

  std::string host;  ///< IPv6 without brackets; empty: a unix socket
  std::uint16_t port = 0;
  std::string path;  ///< of a file; after '@' the name of an abstract socket

  bool is_unix() const { return host.empty(); }

  /// Canonical: HOST:PORT, [IPV6]:PORT or unix:PATH. parse() gives the same target again.
  std::string text() const;

  /// PORT, HOST:PORT, [IPV6]:PORT, unix:PATH, unix:@NAME or /PATH, each optionally followed by /tcp.
  static result<target> parse(std::string_view text);
  /// The same, but the port may be FIRST-LAST, which gives a target for each port.
  static result<std::vector<target>> parse_range(std::string_view text);

  auto operator<=>(const target&) const = default;
};

/// One [NAME=]TARGET of `gof serve`.
struct service {
  static constexpr std::size_t most = 64;  ///< for a node, as in a ticket

  std::string name;
  forward::target target;

  std::string text() const { return name + '=' + target.text(); }

  /// Without NAME= a service is named by its port, or by its file name with invalid characters replaced; the
  /// services of a range with NAME= are named NAME-PORT. The problem names the wrong word.
  static result<std::vector<service>> parse(std::span<const std::string> words);

  auto operator<=>(const service&) const = default;
};

/// The name of a service without NAME=; empty: the target's file name has no letter or digit.
std::string default_name(const target& unnamed);

}  // namespace gof::forward
