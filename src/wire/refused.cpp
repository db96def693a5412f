#include "wire/refused.hpp"

#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace gof::wire {

bytes refused::encode() const {
  bytes out;
  writer(out).u8(static_cast<std::uint8_t>(why)).block(mac);
  return out;
}

std::optional<refused> refused::decode(const_bytes data) {
  reader in(data);
  refused message;
  message.why = reason_from(in.u8());
  message.mac = in.array<mac_size>();
  if (!in.done()) return std::nullopt;
  return message;
}

}  // namespace gof::wire
