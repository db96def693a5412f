#include "wire/link_control.hpp"

#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace gof::wire {

bytes proof::encode() const {
  bytes out;
  writer(out).block(instance.view()).block(mac).u32(features);
  return out;
}

std::optional<proof> proof::decode(const_bytes data) {
  reader in(data);
  proof message;
  message.instance = in.id<instance_id>();
  message.mac = in.array<mac_size>();
  message.features = in.u32();
  if (!in.ok()) return std::nullopt;
  return message;
}

bytes label::encode() const {
  bytes out;
  writer(out).u16(number);
  return out;
}

std::optional<label> label::decode(const_bytes data) {
  reader in(data);
  label message{in.u16()};
  if (!in.done()) return std::nullopt;
  return message;
}

bytes ping::encode() const {
  bytes out;
  writer(out).u32(token);
  return out;
}

std::optional<ping> ping::decode(const_bytes data) {
  reader in(data);
  ping message{in.u32()};
  if (!in.done()) return std::nullopt;
  return message;
}

bytes bye::encode() const {
  bytes out;
  writer(out).u8(static_cast<std::uint8_t>(why));
  return out;
}

std::optional<bye> bye::decode(const_bytes data) {
  reader in(data);
  bye message{reason_from(in.u8())};
  if (!in.done()) return std::nullopt;
  return message;
}

}  // namespace gof::wire
