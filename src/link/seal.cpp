#include "link/seal.hpp"

#include <algorithm>

namespace gof::core {

void append_clear_frame(buffer& to, wire::frame_type type, const_bytes payload) {
  wire::frame f;
  f.type = static_cast<std::uint8_t>(type);
  f.length = payload.size();
  append(to, f.encode());
  append(to, payload);
}

frame_sealer::frame_sealer(const secure::session_keys& keys, secure::side self)
    : sealer_(keys.aead, self == secure::side::client ? keys.client_to_server : keys.server_to_client) {}

void frame_sealer::append_header(buffer& to, std::uint8_t type, const_bytes header,
                                 std::size_t payload_size) {
  wire::frame f;
  f.type = type;
  f.header_length = header.size();
  f.length = header.size() + secure::tag_size + payload_size;
  const auto prefix = f.encode();
  const auto size = to.size() + prefix.size() + f.length;
  if (size > to.capacity()) to.reserve(std::max(size, 2 * to.capacity()));
  gof::append(to, prefix);
  sealer_.seal(number_++, prefix, header, to.grow(header.size() + secure::tag_size));
}

mutable_bytes frame_sealer::append(buffer& to, std::uint8_t type, const_bytes header,
                                   std::size_t payload_size) {
  append_header(to, type, header, payload_size);
  return to.grow(payload_size);
}

void frame_sealer::append(buffer& to, std::uint8_t type, const_bytes header, const_bytes payload) {
  append_header(to, type, header, payload.size());
  gof::append(to, payload);
}

frame_opener::frame_opener(const secure::session_keys& keys, secure::side self)
    : opener_(keys.aead, self == secure::side::client ? keys.server_to_client : keys.client_to_server) {}

bool frame_opener::open(const_bytes prefix, mutable_bytes sealed_header) {
  return opener_.open(number_++, prefix, sealed_header,
                      sealed_header.first(sealed_header.size() - secure::tag_size));
}

}  // namespace gof::core
