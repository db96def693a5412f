#include "wire/session.hpp"

#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace gof::wire {

bytes session_hello::encode() const {
  bytes out;
  writer(out)
      .block(instance.view())
      .block(session.view())
      .u32(survive_ms)
      .u32(features)
      .short_block(as_bytes(name).first(std::min(name.size(), longest_name)))
      .block(host_proof);
  return out;
}

std::optional<session_hello> session_hello::decode(const_bytes data) {
  reader in(data);
  session_hello message;
  message.instance = in.id<instance_id>();
  message.session = in.id<session_id>();
  message.survive_ms = in.u32();
  message.features = in.u32();
  const auto name = as_text(in.short_block());
  message.host_proof = in.array<host_proof_size>();
  if (!in.ok() || name.size() > longest_name) return std::nullopt;
  message.name = peer_name_or_none(name);
  return message;
}

bytes session_probe::encode() const {
  bytes out;
  writer(out).u32(number);
  return out;
}

std::optional<session_probe> session_probe::decode(const_bytes data) {
  reader in(data);
  session_probe message{in.u32()};
  if (!in.done()) return std::nullopt;
  return message;
}

bytes session_close::encode() const {
  bytes out;
  writer(out).u8(static_cast<std::uint8_t>(why));
  return out;
}

std::optional<session_close> session_close::decode(const_bytes data) {
  reader in(data);
  session_close message{reason_from(in.u8())};
  if (!in.done()) return std::nullopt;
  return message;
}

}  // namespace gof::wire
