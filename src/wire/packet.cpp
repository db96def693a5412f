#include "wire/packet.hpp"

#include "wire/reader.hpp"
#include "wire/version.hpp"
#include "wire/writer.hpp"

namespace gof::wire {

std::uint64_t packet::number_field() const {
  return std::uint64_t{phase} << 62 | std::uint64_t{is_crypto} << 61 | number;
}

bytes packet::encode() const {
  bytes out;
  out.reserve(28 + 2 * labels.size());
  writer to(out);
  to.u8(hop).u8(static_cast<std::uint8_t>(labels.size())).u16(generation);
  for (const auto label : labels) to.u16(label);
  to.block(source.view()).block(destination.view()).u64(number_field());
  return out;
}

std::optional<packet> packet::decode(const_bytes header) {
  reader in(header);
  packet p;
  p.hop = in.u8();
  const auto count = in.u8();
  if (count > most_labels || p.hop > count) return std::nullopt;
  p.generation = in.u16();
  for (unsigned i = 0; i < count; ++i) p.labels.push_back(in.u16());
  p.source = in.id<node_id>();
  p.destination = in.id<node_id>();
  const auto field = in.u64();
  p.phase = static_cast<std::uint8_t>(field >> 62);
  p.is_crypto = (field >> 61 & 1) != 0;
  p.number = field & largest_number;
  if (!in.done()) return std::nullopt;
  return p;
}

std::array<std::uint8_t, 26> packet::associated(std::uint8_t frame_type) const {
  std::array<std::uint8_t, 26> out{};
  out[0] = highest_version;
  out[1] = frame_type;
  std::copy(source.value.begin(), source.value.end(), out.begin() + 2);
  std::copy(destination.value.begin(), destination.value.end(), out.begin() + 10);
  const auto field = number_field();
  for (unsigned i = 0; i < 8; ++i) out[18 + i] = static_cast<std::uint8_t>(field >> (56 - 8 * i));
  return out;
}

}  // namespace gof::wire
