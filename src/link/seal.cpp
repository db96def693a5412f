#include "link/seal.hpp"

namespace gof::core {

frame_sealer::frame_sealer(const secure::session_keys& keys, secure::side self)
    : sealer_(keys.aead, self == secure::side::client ? keys.client_to_server : keys.server_to_client) {}

mutable_bytes frame_sealer::append(bytes& to, std::uint8_t type, const_bytes header,
                                   std::size_t payload_size) {
  wire::frame f;
  f.type = type;
  f.header_length = header.size();
  f.length = header.size() + secure::tag_size + payload_size;
  const auto prefix = f.encode();
  const auto start = to.size();
  to.resize(start + prefix.size() + f.length);
  std::copy(prefix.begin(), prefix.end(), to.begin() + static_cast<std::ptrdiff_t>(start));
  const auto body = mutable_bytes(to).subspan(start + prefix.size());
  sealer_.seal(number_++, prefix, header, body.first(header.size() + secure::tag_size));
  return body.last(payload_size);
}

frame_opener::frame_opener(const secure::session_keys& keys, secure::side self)
    : opener_(keys.aead, self == secure::side::client ? keys.server_to_client : keys.client_to_server) {}

bool frame_opener::open(const_bytes prefix, mutable_bytes sealed_header) {
  return opener_.open(number_++, prefix, sealed_header,
                      sealed_header.first(sealed_header.size() - secure::tag_size));
}

}  // namespace gof::core
