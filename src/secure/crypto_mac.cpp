#include "secure/crypto_mac.hpp"

#include "secure/derive.hpp"

namespace gof::secure {
namespace {

mac16 mac_of(const secret32& key, const wire::crypto& message, wire::frame_type type, const node_id& source,
             const node_id& destination) {
  const auto body = message.encode_body();
  const std::array<std::uint8_t, 1> type_byte{static_cast<std::uint8_t>(type)};
  return hmac16(key, {body, type_byte, source.view(), destination.view()});
}

}  // namespace

void sign(const secret32& crypto_key, wire::crypto& message, wire::frame_type type, const node_id& source,
          const node_id& destination) {
  message.mac = mac_of(crypto_key, message, type, source, destination);
}

bool verify(const secret32& crypto_key, const wire::crypto& message, wire::frame_type type,
            const node_id& source, const node_id& destination) {
  return same(mac_of(crypto_key, message, type, source, destination), message.mac);
}

}  // namespace gof::secure
