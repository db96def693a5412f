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

/// Where `gof forward` listens: a TCP port (0: any free one) on one or two addresses, or a unix socket.
struct local_endpoint {
  static constexpr std::string_view default_bind = "";    ///< 127.0.0.1 and ::1
  static constexpr std::string_view every_address = "*";  ///< all of IPv4 and IPv6

  std::string bind{default_bind};  ///< one of these, an address, or a host name; IPv6 without brackets
  std::uint16_t port = 0;
  std::string path;  ///< if not empty: a unix socket, and `bind` and `port` are ignored

  bool is_unix() const { return !path.empty(); }
  /// Whether `bind` is a single address or host name.
  bool names_host() const { return !is_unix() && bind != default_bind && bind != every_address; }
  /// Of two addresses it gives the first.
  std::string text() const;
  auto operator<=>(const local_endpoint&) const = default;
};

/// One [BIND:]LOCAL[:REMOTE] of `gof forward`.
struct spec {
  static constexpr std::size_t most = 1024;  ///< listeners of one process

  /// A service's name, which may be a number; or an arbitrary target, as with `ssh -L`.
  using remote_end = std::variant<std::string, target>;

  local_endpoint local;
  std::optional<remote_end> remote;  ///< empty: resolve() chooses

  /// Parses all words; a range gives one spec for each port. The problem names the wrong word.
  static result<std::vector<spec>> parse(std::span<const std::string> words);

  bool operator==(const spec&) const = default;
};

/// A service in a ticket: its name, and the port of its target or 0.
struct offered_service {
  std::string name;
  std::uint16_t port_hint = 0;
};

/// A spec whose service is chosen.
struct forwarding {
  local_endpoint local;
  std::string service;
  bool operator==(const forwarding&) const = default;
};

/// Chooses a service for each spec: the one it names, or the only one, or the one named like LOCAL. Without
/// specs each service gets its own port, or a free one if that is below 1024 or taken already. The problem
/// lists the services.
result<std::vector<forwarding>> resolve(std::span<const spec> specs,
                                        std::span<const offered_service> offered);

}  // namespace gof::forward
