#include "wire/path_error.hpp"

#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace gof::wire {

bytes path_error::encode() const {
  bytes out;
  writer(out).block(destination.view()).u64(number).block(tail).u8(static_cast<std::uint8_t>(why));
  return out;
}

std::optional<path_error> path_error::decode(const_bytes data) {
  reader from(data);
  path_error e;
  e.destination = from.id<node_id>();
  e.number = from.u64();
  e.tail = from.array<8>();
  e.why = reason_from(from.u8());
  if (!from.done()) return std::nullopt;
  return e;
}

}  // namespace gof::wire
