#pragma once

#include "base/bytes.hpp"

#include <array>
#include <optional>

namespace gof::wire {

/// What stands on a link behind the hellos. Unknown types below 0x80 are skipped, from 0x80 on they close the
/// link.
enum class frame_type : std::uint8_t {
  crypto = 0x01,   ///< clear: a piece of the link's handshake, with a MAC of its own
  refused = 0x02,  ///< clear: the listener's reason, with a MAC of its own
  proof = 0x03,    ///< sealed from here on
  ping = 0x04,
  pong = 0x05,
  bye = 0x06,
  rekey = 0x07,          ///< what follows from this side is sealed under the keys of the newer handshake
  label = 0x08,          ///< by which routes name this link at the sender
  grant = 0x09,          ///< another ticket of the guest that sends it
  neighbours = 0x0a,     ///< to a guest: where it may dial other members
  relay_data = 0x10,     ///< a packet that holds an SCTP DATA chunk
  relay_control = 0x11,  ///< any other packet
  path_error = 0x12,     ///< a relay's answer to a packet that it cannot pass on
  hop_credit = 0x18,     ///< how much more of a flow may come over this link
  flow_close = 0x19,     ///< the source ended the flow; behind its last packet
  flow_reset = 0x1a,     ///< the flow lost its way, upstream or downstream
  flow_blocked = 0x1b,   ///< the flow has a packet to send, and no credit for it
  have = 0x20,           ///< which records the sender holds
  want = 0x21,           ///< which of them the sender asks for
  record = 0x22,
};

/// The clear start of a frame. gof-protocol(7), FRAMES.
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-----------------------------------------------+---------------+
///     | length of all that follows these 6 bytes      | type          |
///     +-------------------------------+---------------+---------------+
///     | sealed header's length        | sealed header + tag (16) ...
///     +-------------------------------+-------------------------------+
///     | payload ...
///     +---------------------------------------------------------------+
///
/// The 6 bytes are the sealed header's associated data. A clear frame has a header length of 0 and no tag.
struct frame {
  static constexpr std::size_t prefix_size = 6;
  static constexpr std::size_t largest = 65536;  ///< prefix included

  std::size_t length = 0;  ///< tag and payload included, prefix not
  std::uint8_t type = 0;
  std::size_t header_length = 0;  ///< plain, without its tag

  std::array<std::uint8_t, prefix_size> encode() const;

  /// From the first 6 bytes; empty: a length beyond the largest, or a header that does not fit its frame.
  static std::optional<frame> decode(const_bytes prefix);
};

constexpr bool is_clear(std::uint8_t type) {
  return type == static_cast<std::uint8_t>(frame_type::crypto) ||
         type == static_cast<std::uint8_t>(frame_type::refused);
}

}  // namespace gof::wire
