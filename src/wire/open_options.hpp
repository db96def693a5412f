#pragma once

#include "wire/socket_address.hpp"

#include <optional>
#include <vector>

namespace gof::wire {

/// Optional fields of OPEN and PROBE, after the service. gof-protocol(7), STREAMS.
///
///     +---------------+-------------------------------+---------------+
///     | type          | length (2)                    | value ...
///     +---------------+-------------------------------+---------------+
///
/// There may be any number of these; unknown types are skipped.
struct open_options {
  static constexpr std::size_t longest = 512;  ///< all of them together
  static constexpr std::size_t most_listeners = 4;

  enum class type : std::uint8_t {
    client = 1,    ///< the client of the program that opens the stream; at most once
    listener = 2,  ///< the address that the client connected to; in a PROBE, all that the program listens on
  };

  std::optional<socket_address> client;
  std::vector<socket_address> listeners;

  bool empty() const { return !client && listeners.empty(); }
  /// Removes the options that are only for a peer on the same host.
  void remove_host() {
    client.reset();
    listeners.clear();
  }

  void encode(writer& to) const;
  /// Decodes all that `from` has left. Empty: malformed.
  static std::optional<open_options> decode(reader from);

  bool operator==(const open_options&) const = default;
};

}  // namespace gof::wire
