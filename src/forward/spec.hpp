#pragma once

#include "forward/target.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gof::forward {

/// Where `gof forward` listens: a TCP port (0: any free one) of an address or two, or a unix socket.
struct local_endpoint {
  static constexpr std::string_view default_bind = "";    ///< 127.0.0.1 and ::1
  static constexpr std::string_view every_address = "*";  ///< of IPv4 and IPv6

  std::string bind{default_bind};  ///< these, or an address or host name, IPv6 without brackets
  std::uint16_t port = 0;
  std::string path;  ///< not empty: a unix socket, and the rest does not count

  bool is_unix() const { return !path.empty(); }
  /// `bind` is one address or host.
  bool names_host() const { return !is_unix() && bind != default_bind && bind != every_address; }
  /// Of two addresses the first.
  std::string text() const;
  auto operator<=>(const local_endpoint&) const = default;
};

/// One [BIND:]LOCAL[:REMOTE] of `gof forward`.
struct spec {
  static constexpr std::size_t most = 1024;  ///< listeners of one process

  /// The name of a service, digits included; or a target of one's own choosing, as `ssh -L` has it.
  using remote_end = std::variant<std::string, target>;

  local_endpoint local;
  std::optional<remote_end> remote;  ///< empty: found by resolve()

  /// All words, ranges as one each. The problem names the word that is wrong.
  static result<std::vector<spec>> parse(std::span<const std::string> words);

  bool operator==(const spec&) const = default;
};

/// What a ticket says of a service: its name, and its target's port or 0.
struct offered_service {
  std::string name;
  std::uint16_t port_hint = 0;
};

/// A spec that knows its service.
struct forwarding {
  local_endpoint local;
  std::string service;
  bool operator==(const forwarding&) const = default;
};

/// Gives each spec its service: the one it names; else the only one; else the one named like LOCAL. No specs:
/// every service on its own port, below 1024 or taken twice: a free one. The problem has the list of
/// services.
result<std::vector<forwarding>> resolve(std::span<const spec> specs,
                                        std::span<const offered_service> offered);

}  // namespace gof::forward
