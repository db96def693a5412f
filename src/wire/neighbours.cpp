#include "wire/neighbours.hpp"

namespace gof::wire {

bytes neighbours::encode() const {
  assert(addresses.size() <= most_addresses);
  bytes out;
  writer to(out);
  to.u8(static_cast<std::uint8_t>(addresses.size()));
  for (const auto& a : addresses) a.encode(to);
  return out;
}

std::optional<neighbours> neighbours::decode(const_bytes data) {
  reader in(data);
  neighbours message;
  const auto count = in.u8();
  if (count > most_addresses) return std::nullopt;
  for (unsigned i = 0; i < count; ++i) {
    auto a = address::decode(in);
    if (!a) return std::nullopt;
    message.addresses.push_back(std::move(*a));
  }
  if (!in.done()) return std::nullopt;
  return message;
}

}  // namespace gof::wire
