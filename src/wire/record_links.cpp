#include "wire/record_links.hpp"

#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace gof::wire {
namespace {

constexpr std::uint8_t relays_bit = 0x01;

}  // namespace

const record_link* record_links::to(const node_id& neighbour) const {
  const auto at = std::lower_bound(links.begin(), links.end(), neighbour,
                                   [](const record_link& l, const node_id& n) { return l.neighbour < n; });
  return at != links.end() && at->neighbour == neighbour ? &*at : nullptr;
}

bytes record_links::encode() const {
  assert(links.size() <= most_links);
  bytes out;
  out.reserve(2 + links.size() * record_link::size);
  writer to(out);
  to.u8(relays ? relays_bit : 0).u8(static_cast<std::uint8_t>(links.size()));
  for (const auto& l : links)
    to.block(l.neighbour.view())
        .u16(l.label)
        .u8(l.quality.round_trip)
        .u8(l.quality.loss)
        .u8(l.quality.bandwidth);
  return out;
}

std::optional<record_links> record_links::decode(const_bytes data) {
  reader in(data);
  record_links body;
  body.relays = (in.u8() & relays_bit) != 0;
  const std::size_t count = in.u8();
  if (!in.ok() || count > most_links || in.left() < count * record_link::size) return std::nullopt;
  body.links.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    record_link l;
    l.neighbour = in.id<node_id>();
    l.label = in.u16();
    l.quality.round_trip = in.u8();
    l.quality.loss = in.u8();
    l.quality.bandwidth = in.u8();
    if (i > 0 && l.neighbour <= body.links.back().neighbour) return std::nullopt;
    body.links.push_back(l);
  }
  return body;
}

}  // namespace gof::wire
