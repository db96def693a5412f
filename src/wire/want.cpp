#include "wire/want.hpp"

#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace gof::wire {

bytes want::encode() const {
  assert(names.size() <= most_names);
  bytes out;
  out.reserve(names.size() * record_name::size);
  writer to(out);
  for (const auto& name : names) to.block(name.node.view()).u8(static_cast<std::uint8_t>(name.part));
  return out;
}

std::optional<want> want::decode(const_bytes data) {
  if (data.size() % record_name::size != 0 || data.size() > most_names * record_name::size)
    return std::nullopt;
  reader in(data);
  want message;
  message.names.reserve(data.size() / record_name::size);
  while (in.left() > 0) {
    record_name name;
    name.node = in.id<node_id>();
    const auto part = record_part_from(in.u8());
    if (!part) continue;  // a part of a newer version
    name.part = *part;
    message.names.push_back(name);
  }
  return message;
}

}  // namespace gof::wire
