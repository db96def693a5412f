#include "wire/grant_frame.hpp"

#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace gof::wire {

bytes grant_frame::encode() const {
  bytes out;
  writer(out).block(issuer.view()).block(grant.view()).block(mac);
  return out;
}

std::optional<grant_frame> grant_frame::decode(const_bytes data) {
  reader in(data);
  grant_frame message;
  message.issuer = in.id<peer_id>();
  message.grant = in.id<grant_id>();
  message.mac = in.array<mac_size>();
  if (!in.done()) return std::nullopt;
  return message;
}

}  // namespace gof::wire
