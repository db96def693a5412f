#include "wire/record.hpp"

#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace gof::wire {
namespace {

constexpr std::uint8_t record_version = 1;

}  // namespace

std::optional<record_part> record_part_from(std::uint8_t number) {
  const auto part = static_cast<record_part>(number);
  if (part != record_part::links && part != record_part::profile) return std::nullopt;
  return part;
}

bytes record::signed_part() const {
  assert(body.size() <= largest_body);
  bytes out;
  out.reserve(head_size + body.size() + signature_size);
  writer to(out);
  to.u8(record_version).u8(static_cast<std::uint8_t>(part)).block(peer.view()).block(instance.view());
  to.u64(seq).u32(lifetime).block(body);
  return out;
}

bytes record::encode() const {
  auto out = signed_part();
  append(out, signature);
  return out;
}

std::optional<record> record::decode(const_bytes data) {
  if (data.size() < head_size + signature_size || data.size() > largest) return std::nullopt;
  reader in(data);
  record r;
  if (in.u8() != record_version) return std::nullopt;
  const auto part = record_part_from(in.u8());
  if (!part) return std::nullopt;
  r.part = *part;
  r.peer = in.id<peer_id>();
  r.instance = in.id<instance_id>();
  r.seq = in.u64();
  r.lifetime = in.u32();
  const auto body = in.take(in.left() - signature_size);
  r.body.assign(body.begin(), body.end());
  r.signature = in.array<signature_size>();
  if (r.seq == no_seq || r.lifetime == 0 || r.lifetime > longest_lifetime) return std::nullopt;
  return r;
}

}  // namespace gof::wire
