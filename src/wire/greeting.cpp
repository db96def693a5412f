#include "wire/greeting.hpp"

#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace gof::wire {

bytes greeting::encode() const {
  bytes out;
  writer(out).u8(lowest).u8(highest).block(nonce.view());
  return out;
}

std::optional<greeting> greeting::decode(const_bytes data) {
  reader in(data);
  greeting message;
  message.lowest = in.u8();
  message.highest = in.u8();
  message.nonce = in.id<nonce_type>();
  if (!in.done() || message.lowest > message.highest) return std::nullopt;
  return message;
}

}  // namespace gof::wire
