#pragma once

#include "base/bytes.hpp"

#include <array>
#include <optional>

namespace gof::wire {

/// The frames that follow GREETING and HELLO on a link. An unknown type below 0x80 is skipped; one from 0x80
/// on closes the link.
enum class frame_type : std::uint8_t {
  crypto = 0x01,   ///< not sealed: a piece of the link's handshake, with a MAC of its own
  refused = 0x02,  ///< not sealed: the listener's reason, with a MAC of its own
  proof = 0x03,    ///< this and all frames below are sealed
  ping = 0x04,
  pong = 0x05,
  bye = 0x06,
  rekey = 0x07,          ///< later frames of this side are sealed with the keys of the newest handshake
  label = 0x08,          ///< the number that routes use for this link at the sender
  grant = 0x09,          ///< the guest that sends it holds another ticket
  neighbours = 0x0a,     ///< to a guest: addresses of other members
  relay_data = 0x10,     ///< a packet that holds an SCTP DATA chunk
  relay_control = 0x11,  ///< any other packet
  path_error = 0x12,     ///< a relay's answer to a packet that it cannot forward
  hop_credit = 0x18,     ///< how much of a flow may come over this link
  flow_close = 0x19,     ///< the source ended the flow; follows its last packet
  flow_reset = 0x1a,     ///< the flow lost a link, upstream or downstream
  flow_blocked = 0x1b,   ///< the flow has a packet to send, but no credit
  have = 0x20,           ///< the records that the sender holds
  want = 0x21,           ///< the records that the sender asks for
  record = 0x22,
};

/// The start of each frame, which is not encrypted. gof-protocol(7), FRAMES.
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
/// The 6 bytes are the sealed header's associated data. An unsealed frame has header length 0 and no tag.
struct frame {
  static constexpr std::size_t prefix_size = 6;
  static constexpr std::size_t largest = 65536;  ///< prefix included

  std::size_t length = 0;  ///< of tag and payload, without the prefix
  std::uint8_t type = 0;
  std::size_t header_length = 0;  ///< in plain text, without its tag

  std::array<std::uint8_t, prefix_size> encode() const;

  /// Decodes the first 6 bytes. Empty: longer than the largest frame, or a header longer than the frame.
  static std::optional<frame> decode(const_bytes prefix);
};

constexpr bool is_clear(std::uint8_t type) {
  return type == static_cast<std::uint8_t>(frame_type::crypto) ||
         type == static_cast<std::uint8_t>(frame_type::refused);
}

}  // namespace gof::wire
