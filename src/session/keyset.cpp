#include "session/keyset.hpp"

namespace gof::core {
namespace {

using secure::side;

}  // namespace

keyset::keyset(const secure::session_keys& keys, side self, std::uint8_t phase)
    : keys_(keys),
      sealer_(keys.aead, self == side::client ? keys.client_to_server : keys.server_to_client),
      opener_(keys.aead, self == side::client ? keys.server_to_client : keys.client_to_server),
      role_(self),
      phase_(phase) {}

void keyset::seal(const wire::packet& head, wire::frame_type type, std::uint8_t kind, const_bytes body,
                  mutable_bytes out) {
  const std::array<std::uint8_t, 1> first{kind};
  const std::array<const_bytes, 2> plain{const_bytes(first), body};
  sealer_.seal(head.number, head.associated(static_cast<std::uint8_t>(type)), plain, out);
}

bool keyset::open(const wire::packet& head, wire::frame_type type, mutable_bytes sealed) {
  if (sealed.size() <= secure::tag_size || !window_.fresh(head.number)) return false;
  const auto plain = sealed.first(sealed.size() - secure::tag_size);
  if (!opener_.open(head.number, head.associated(static_cast<std::uint8_t>(type)), sealed, plain))
    return false;
  window_.mark(head.number);
  return true;
}

}  // namespace gof::core
