#include "wire/record_frame.hpp"

#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace gof::wire {

bytes record_frame::encode() const {
  bytes out;
  out.reserve(sizeof remaining + data.size());
  writer(out).u32(remaining).block(data);
  return out;
}

std::optional<record_frame> record_frame::decode(const_bytes data) {
  reader in(data);
  record_frame message;
  message.remaining = in.u32();
  const auto rest = in.rest();
  if (!in.ok() || rest.size() > record::largest) return std::nullopt;
  message.data.assign(rest.begin(), rest.end());
  return message;
}

}  // namespace gof::wire
