#include "wire/hello.hpp"

#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace gof::wire {

std::optional<std::size_t> hello::size_of(const_bytes first_two) {
  if (first_two.size() < 2 || first_two[1] > 1) return std::nullopt;
  return first_two[1] == 0 ? member_size : guest_size;
}

bytes hello::encode_body() const {
  bytes out;
  writer to(out);
  to.u8(version).u8(static_cast<std::uint8_t>(role));
  if (role == link_role::guest) to.block(issuer.view()).block(grant.view());
  return out;
}

bytes hello::encode() const {
  bytes out = encode_body();
  writer(out).block(mac);
  return out;
}

std::optional<hello> hello::decode(const_bytes data) {
  reader in(data);
  hello message;
  message.version = in.u8();
  const auto role = in.u8();
  if (role > 1) return std::nullopt;
  message.role = static_cast<link_role>(role);
  if (message.role == link_role::guest) {
    message.issuer = in.id<peer_id>();
    message.grant = in.id<grant_id>();
  }
  message.mac = in.array<mac_size>();
  if (!in.done()) return std::nullopt;
  return message;
}

}  // namespace gof::wire
