#pragma once

#include "wire/socket_address.hpp"

#include <optional>
#include <vector>

namespace gof::wire {

/// What OPEN and PROBE may say besides, after the service. gof-protocol(7), STREAMS.
///
///     +---------------+-------------------------------+---------------+
///     | type          | length (2)                    | value ...
///     +---------------+-------------------------------+---------------+
///
/// Any number of these; types that are not known are skipped.
struct open_options {
  static constexpr std::size_t longest = 512;  ///< all of them together
  static constexpr std::size_t most_listeners = 4;

  enum class type : std::uint8_t {
    client = 1,    ///< who connected to the program that opens the stream; once
    listener = 2,  ///< the address that the client connected to; of a PROBE, each that the program listens on
  };

  std::optional<socket_address> client;
  std::vector<socket_address> listeners;

  bool empty() const { return !client && listeners.empty(); }
  /// Takes out what is for a reader on the same host alone.
  void remove_host() {
    client.reset();
    listeners.clear();
  }

  void encode(writer& to) const;
  /// All that is left. Empty: malformed.
  static std::optional<open_options> decode(reader from);

  bool operator==(const open_options&) const = default;
};

}  // namespace gof::wire
