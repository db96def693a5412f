#pragma once

#include "base/id.hpp"
#include "base/peer_name.hpp"
#include "wire/reason.hpp"

#include <array>
#include <optional>
#include <string>

namespace gof::wire {

/// The first byte of a sealed end-to-end payload: the kind of what follows. gof-protocol(7), SESSIONS.
enum class session_frame : std::uint8_t {
  hello = 0,
  sctp = 1,   ///< one SCTP packet
  probe = 2,  ///< asks for a probe_reply with the same number, over the same path
  probe_reply = 3,
  close = 4,  ///< the session is over, and why
};

/// HELLO of a session: the first sealed frame of each side.
///
///     +---------------------------------------------------------------+
///     |                         instance (8)                          |
///     +---------------------------------------------------------------+
///     |                          session (8)                          |
///     +-------------------------------+-------------------------------+
///     | survive, milliseconds (4)     | features (4)                  |
///     +---------------+---------------+-------------------------------+
///     | name's length | name (<= 63 bytes, for people only) ...
///     +---------------+-----------------------------------------------+
///     | host proof (16), zero: none                                   |
///     +---------------------------------------------------------------+
///
/// With the id of the existing session it announces new keys; with another, the existing session is over. The
/// server repeats the client's id. Later versions may append fields, which are ignored.
struct session_hello {
  static constexpr std::size_t longest_name = longest_peer_name;
  static constexpr std::size_t host_proof_size = 16;

  instance_id instance;
  session_id session;
  std::uint32_t survive_ms = 0;
  std::uint32_t features = 0;
  std::string name;  ///< empty after decoding unless is_peer_name() holds
  std::array<std::uint8_t, host_proof_size> host_proof{};

  bytes encode() const;
  static std::optional<session_hello> decode(const_bytes data);
};

struct session_probe {
  std::uint32_t number = 0;

  bytes encode() const;
  static std::optional<session_probe> decode(const_bytes data);
};

struct session_close {
  reason why = reason::none;

  bytes encode() const;
  static std::optional<session_close> decode(const_bytes data);
};

}  // namespace gof::wire
