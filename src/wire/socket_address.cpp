#include "wire/socket_address.hpp"

namespace gof::wire {
namespace {

constexpr std::uint8_t family_v4 = 4;
constexpr std::uint8_t family_v6 = 6;

}  // namespace

void socket_address::encode(writer& to) const {
  to.u8(is_v6 ? family_v6 : family_v4).block(const_bytes(address).first(address_size())).u16(port);
}

std::optional<socket_address> socket_address::decode(reader from) {
  socket_address made;
  const auto family = from.u8();
  if (family != family_v4 && family != family_v6) return std::nullopt;
  made.is_v6 = family == family_v6;
  const auto bytes = from.take(made.address_size());
  std::copy(bytes.begin(), bytes.end(), made.address.begin());
  made.port = from.u16();
  if (!from.done()) return std::nullopt;
  return made;
}

}  // namespace gof::wire
