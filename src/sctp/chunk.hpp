#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <optional>

namespace gof::sctp {

//   0                   1                   2                   3      every packet (RFC 9260, 3):
//  +-------------------------------+-------------------------------+
//  |          source port          |       destination port        |
//  +-------------------------------+-------------------------------+
//  |                       verification tag                        |
//  +---------------------------------------------------------------+
//  |               checksum (zero: the seal does it)               |
//  +---------------+---------------+-------------------------------+   then chunks, padded to 4 bytes:
//  |     type      |     flags     |    length, these 4 included   |
//  +---------------+---------------+-------------------------------+
constexpr std::size_t common_header_size = 12;
constexpr std::size_t chunk_header_size = 4;
/// Chunk header, TSN, stream, sequence number, protocol identifier.
constexpr std::size_t data_chunk_overhead = 16;

enum class chunk_type : std::uint8_t {
  data = 0,
  init = 1,
  init_ack = 2,
  sack = 3,
  heartbeat = 4,
  heartbeat_ack = 5,
  abort = 6,
  shutdown = 7,
  shutdown_ack = 8,
  error = 9,
  cookie_echo = 10,
  cookie_ack = 11,
  ecn_echo = 12,
  cwr = 13,
  shutdown_complete = 14,
  authentication = 15,
  nr_sack = 16,
  i_data = 0x40,
  asconf_ack = 0x80,
  packet_dropped = 0x81,
  re_config = 0x82,
  pad = 0x84,
  forward_tsn = 0xc0,
  asconf = 0xc1,
};

constexpr std::uint16_t load16(const_bytes at, std::size_t offset) {
  return static_cast<std::uint16_t>(at[offset] << 8 | at[offset + 1]);
}

constexpr std::uint32_t load32(const_bytes at, std::size_t offset) {
  return std::uint32_t{load16(at, offset)} << 16 | load16(at, offset + 2);
}

inline void store16(mutable_bytes at, std::size_t offset, std::uint16_t value) {
  at[offset] = static_cast<std::uint8_t>(value >> 8);
  at[offset + 1] = static_cast<std::uint8_t>(value);
}

inline void store32(mutable_bytes at, std::size_t offset, std::uint32_t value) {
  store16(at, offset, static_cast<std::uint16_t>(value >> 16));
  store16(at, offset + 2, static_cast<std::uint16_t>(value));
}

/// A chunk: type, flags, and the bytes after the length field, without padding.
struct chunk {
  chunk_type type;
  std::uint8_t flags;
  const_bytes value;
};

/// Steps through the chunks of a packet. Safe for arbitrary bytes, and always ends.
class chunk_walk {
 public:
  explicit chunk_walk(const_bytes packet)
      : rest_(packet.size() < common_header_size ? const_bytes{} : packet.subspan(common_header_size)),
        sound_(packet.size() > common_header_size) {}

  std::optional<chunk> next() {
    if (rest_.empty()) return std::nullopt;
    const std::size_t length = rest_.size() < chunk_header_size ? 0 : load16(rest_, 2);
    const std::size_t padded = (length + 3) & ~std::size_t{3};
    if (length < chunk_header_size || padded > rest_.size()) {
      sound_ = false;
      rest_ = {};
      return std::nullopt;
    }
    const chunk found{static_cast<chunk_type>(rest_[0]), rest_[1],
                      rest_.subspan(chunk_header_size, length - chunk_header_size)};
    rest_ = rest_.subspan(padded);
    return found;
  }

  /// True once next() has reached the end, and every length was valid.
  bool sound() const { return sound_ && rest_.empty(); }

 private:
  const_bytes rest_;
  bool sound_;
};

}  // namespace gof::sctp
