#pragma once

#include "base/id.hpp"

#include <array>
#include <optional>
#include <vector>

namespace gof::wire {

/// The header of an end-to-end packet, sealed anew on each link. The payload after it is sealed end to end,
/// and is the same on every hop. Count is 0 on a direct path. gof-protocol(7), PACKETS.
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +---------------+---------------+-------------------------------+
///     | hop index     | count (<= 5)  | generation                    |
///     +---------------+---------------+-------------------------------+
///     | labels (2 each) ...                                           |
///     +---------------------------------------------------------------+
///     |                          source (8)                           |
///     +---------------------------------------------------------------+
///     |                       destination (8)                         |
///     +---+-+---------------------------------------------------------+
///     | P |C|                  packet number (61 bits)                 |
///     +---+-+---------------------------------------------------------+
///
/// P: key phase. C: the payload is a CRYPTO message, not sealed.
struct packet {
  static constexpr std::size_t most_labels = 5;
  static constexpr std::uint64_t largest_number = (std::uint64_t{1} << 61) - 1;

  std::uint8_t hop = 0;
  std::uint16_t generation = 0;
  std::vector<std::uint16_t> labels;
  node_id source;
  node_id destination;
  std::uint8_t phase = 0;  ///< 0 to 3
  bool is_crypto = false;
  std::uint64_t number = 0;

  /// P, C and the number as one field, as in the header.
  std::uint64_t number_field() const;

  bytes encode() const;
  static std::optional<packet> decode(const_bytes header);

  /// The associated data of the end-to-end seal: version, type, ids, phase and number. The route is not part
  /// of it, since it may change.
  std::array<std::uint8_t, 26> associated(std::uint8_t frame_type) const;
};

}  // namespace gof::wire
