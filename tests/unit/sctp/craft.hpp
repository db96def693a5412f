#pragma once

#include "sctp/chunk.hpp"

#include <algorithm>
#include <initializer_list>

namespace gof::sctp::test {

/// A header of this size, the content, and zeroes up to a multiple of four bytes.
inline bytes padded(std::size_t header, const bytes& content) {
  bytes made((header + content.size() + 3) & ~std::size_t{3});
  std::copy(content.begin(), content.end(), made.begin() + static_cast<std::ptrdiff_t>(header));
  return made;
}

/// A padded chunk. A `length` other than 0 is put in place of the true one.
inline bytes craft(chunk_type type, const bytes& value = {}, std::uint8_t flags = 0, std::size_t length = 0) {
  bytes made = padded(4, value);
  made[0] = static_cast<std::uint8_t>(type);
  made[1] = flags;
  store16(made, 2, static_cast<std::uint16_t>(length ? length : value.size() + 4));
  return made;
}

inline bytes craft_packet(std::uint16_t port, std::uint32_t tag, std::initializer_list<bytes> chunks) {
  bytes all;
  for (const bytes& one : chunks) append(all, one);
  bytes made = padded(common_header_size, all);
  store16(made, 0, port);
  store16(made, 2, port);
  store32(made, 4, tag);
  return made;
}

inline bytes craft_parameter(std::uint16_t type, const bytes& value) {
  bytes made = padded(4, value);
  store16(made, 0, type);
  store16(made, 2, static_cast<std::uint16_t>(value.size() + 4));
  return made;
}

/// The value of INIT and INIT-ACK.
inline bytes craft_init(const bytes& parameters, std::uint32_t tag = 7, std::uint16_t streams = 256) {
  bytes made = padded(16, parameters);
  store32(made, 0, tag);
  store32(made, 4, 1 << 20);
  store16(made, 8, streams);
  store16(made, 10, streams);
  return made;
}

inline bytes craft_data(std::uint32_t tsn, std::uint16_t stream, std::size_t payload) {
  bytes made(12 + payload, 'x');
  store32(made, 0, tsn);
  store16(made, 4, stream);
  return made;
}

inline bytes craft_sack(std::uint32_t cumulative, std::uint16_t gaps = 0, std::uint16_t duplicates = 0,
                        const bytes& lists = {}) {
  bytes made = padded(12, lists);
  store32(made, 0, cumulative);
  store16(made, 8, gaps);
  store16(made, 10, duplicates);
  return made;
}

}  // namespace gof::sctp::test
