#include "wire/crypto.hpp"

#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace gof::wire {

bytes crypto::encode_body() const {
  bytes out;
  writer to(out);
  to.block(attempt.view()).u8(role).u8(static_cast<std::uint8_t>(key));
  if (key == key_kind::guest) to.block(grant.view());
  to.u16(acknowledged).u16(offset).block(piece);
  return out;
}

bytes crypto::encode() const {
  bytes out = encode_body();
  writer(out).block(mac);
  return out;
}

std::optional<crypto> crypto::decode(const_bytes data) {
  if (data.size() < mac_size) return std::nullopt;
  reader in(data.first(data.size() - mac_size));
  crypto message;
  message.attempt = in.id<attempt_id>();
  message.role = in.u8();
  const auto key = in.u8();
  if (message.role > 1 || key > 1) return std::nullopt;
  message.key = static_cast<key_kind>(key);
  if (message.key == key_kind::guest) message.grant = in.id<grant_id>();
  message.acknowledged = in.u16();
  message.offset = in.u16();
  const auto piece = in.rest();
  if (!in.ok() || piece.size() > largest_piece) return std::nullopt;
  message.piece.assign(piece.begin(), piece.end());
  reader tail(data.last(mac_size));
  message.mac = tail.array<mac_size>();
  return message;
}

}  // namespace gof::wire
