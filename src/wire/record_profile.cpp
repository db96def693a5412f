#include "wire/record_profile.hpp"

#include "wire/ticket.hpp"

namespace gof::wire {
namespace {

bool decode_services(reader& in, record_profile& body) {
  const auto count = in.u8();
  if (count > record_profile::most_services) return false;
  for (unsigned i = 0; i < count; ++i) {
    body.services.emplace_back(as_text(in.short_block()));
    if (!in.ok() || !valid_service_name(body.services.back())) return false;
  }
  return in.ok();
}

bool decode_withdrawn(reader& in, record_profile& body) {
  const auto count = in.u8();
  if (count > record_profile::most_withdrawn) return false;
  for (unsigned i = 0; i < count; ++i) body.withdrawn.push_back(in.id<grant_id>());
  return in.ok();
}

bool decode_addresses(reader& in, record_profile& body) {
  const auto count = in.u8();
  if (count > record_profile::most_addresses) return false;
  for (unsigned i = 0; i < count; ++i) {
    auto a = address::decode(in);
    if (!a) return false;
    body.addresses.push_back(std::move(*a));
  }
  return in.ok();
}

}  // namespace

bytes record_profile::encode() const {
  assert(name.size() <= longest_name && services.size() <= most_services);
  assert(withdrawn.size() <= most_withdrawn && addresses.size() <= most_addresses);
  bytes out;
  writer to(out);
  to.short_block(as_bytes(name));
  to.u8(static_cast<std::uint8_t>(services.size()));
  for (const auto& s : services) to.short_block(as_bytes(s));
  to.u8(static_cast<std::uint8_t>(withdrawn.size()));
  for (const auto& g : withdrawn) to.block(g.view());
  to.u8(static_cast<std::uint8_t>(addresses.size()));
  for (const auto& a : addresses) a.encode(to);
  return out;
}

std::optional<record_profile> record_profile::decode(const_bytes data) {
  reader in(data);
  record_profile body;
  const auto name = as_text(in.short_block());
  if (!in.ok() || name.size() > longest_name) return std::nullopt;
  body.name = peer_name_or_none(name);
  if (!decode_services(in, body) || !decode_withdrawn(in, body) || !decode_addresses(in, body))
    return std::nullopt;
  return body;
}

}  // namespace gof::wire
