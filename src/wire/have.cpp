#include "wire/have.hpp"

#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace gof::wire {

bytes have::encode() const {
  assert(items.size() <= most_items);
  bytes out;
  out.reserve(items.size() * item::size);
  writer to(out);
  for (const auto& [name, seq] : items)
    to.block(name.node.view()).u8(static_cast<std::uint8_t>(name.part)).u64(seq);
  return out;
}

std::optional<have> have::decode(const_bytes data) {
  if (data.size() % item::size != 0 || data.size() > most_items * item::size) return std::nullopt;
  reader in(data);
  have message;
  message.items.reserve(data.size() / item::size);
  while (in.left() > 0) {
    item one;
    one.name.node = in.id<node_id>();
    const auto part = record_part_from(in.u8());
    one.seq = in.u64();
    if (!part) continue;  // a part of a newer version
    one.name.part = *part;
    message.items.push_back(one);
  }
  return message;
}

}  // namespace gof::wire
