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

/// A word of a person as messages repeat it: in quotes, cut when long, a ticket only by its prefix.
std::string in_quotes(std::string_view word);

/// A message that may hold words of a person as they stand: of tickets only the prefix is left.
std::string without_tickets(std::string_view text);

/// [a-z0-9][a-z0-9-]{0,62}
bool valid_name(std::string_view name);

/// Letters, digits and what host names and IP literals (without brackets) are written with; at most 253.
bool valid_host(std::string_view host);

/// FIRST-LAST, both ports; empty: the text is no range. The problem: it is one, a wrong one.
using port_range = std::pair<std::uint16_t, std::uint16_t>;
result<std::optional<port_range>> parse_port_range(std::string_view text);

/// Decimal, 0 to 65535, nothing else.
std::optional<std::uint16_t> parse_port(std::string_view text);

/// Where a service's connections go: a TCP port of a host, or a unix socket.
struct target {
  /// What a socket's address holds (sun_path), the zero after a path or before an abstract name left out.
  static constexpr std::size_t longest_path = 107;
  static constexpr std::size_t most_of_range = 64;  ///< services a node offers

  std::string host;  ///< IPv6 without brackets; empty: a unix socket
  std::uint16_t port = 0;
  std::string path;  ///< of a file; with '@' before it, the name of an abstract socket

  bool is_unix() const { return host.empty(); }

  /// Canonical: HOST:PORT, [IPV6]:PORT or unix:PATH; parses to the same target.
  std::string text() const;

  /// PORT, HOST:PORT, [IPV6]:PORT, unix:PATH, unix:@NAME or /PATH, each with /tcp or nothing behind it.
  static result<target> parse(std::string_view text);
  /// The same with FIRST-LAST for the port: one target each.
  static result<std::vector<target>> parse_range(std::string_view text);

  auto operator<=>(const target&) const = default;
};

/// One [NAME=]TARGET of `gof serve`.
struct service {
  static constexpr std::size_t most = 64;  ///< a node, as in a ticket

  std::string name;
  forward::target target;

  std::string text() const { return name + '=' + target.text(); }

  /// Without NAME= a service is called by its port, or by its file name made to obey the rule of names; with
  /// NAME= those of a range are called NAME-PORT. The problem names the word that is wrong.
  static result<std::vector<service>> parse(std::span<const std::string> words);

  auto operator<=>(const service&) const = default;
};

/// What a target's services are called when nobody named them; empty: its file name has no letter or digit.
std::string default_name(const target& unnamed);

}  // namespace gof::forward
