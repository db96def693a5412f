#include "link/link.hpp"

#include <cassert>

// What a link has to do with the tickets of a guest.

namespace gof::core {

std::optional<link::claim> link::claimed() {
  if (stage_ != stage::hello || over_) return std::nullopt;
  const auto size = wire::hello::size_of(in_.peek(2));
  if (!size) return std::nullopt;
  const auto heard = wire::hello::decode(in_.peek(*size));
  if (!heard || heard->role != wire::link_role::guest) return std::nullopt;
  return claim{heard->issuer, heard->grant};
}

secure::mac16 link::grant_mac(const secure::secret32& link_key) const {
  assert(up_);
  return proof_mac(secure::link_secrets(link_key), secure::side::client);
}

bool link::proves(const wire::grant_frame& shown) const {
  assert(network_key_);
  const auto key = secure::guest_link_key(*network_key_, shown.issuer, shown.grant);
  return secure::same(grant_mac(key), shown.mac);
}

}  // namespace gof::core
