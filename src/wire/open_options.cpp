#include "wire/open_options.hpp"

#include <algorithm>

namespace gof::wire {
namespace {

void put(writer& to, open_options::type kind, const socket_address& value) {
  to.u8(static_cast<std::uint8_t>(kind)).u16(static_cast<std::uint16_t>(value.encoded_size()));
  value.encode(to);
}

}  // namespace

void open_options::encode(writer& to) const {
  if (client) put(to, type::client, *client);
  for (std::size_t i = 0; i < std::min(listeners.size(), most_listeners); ++i)
    put(to, type::listener, listeners[i]);
}

std::optional<open_options> open_options::decode(reader from) {
  open_options made;
  if (from.left() > longest) return std::nullopt;
  while (from.ok() && from.left() > 0) {
    const auto kind = static_cast<type>(from.u8());
    const auto value = from.take(from.u16());
    if (!from.ok()) return std::nullopt;
    if (kind != type::client && kind != type::listener) continue;
    const auto read = socket_address::decode(reader(value));
    if (!read) return std::nullopt;
    if (kind == type::client) {
      if (made.client) return std::nullopt;
      made.client = read;
    } else {
      if (made.listeners.size() == most_listeners) return std::nullopt;
      made.listeners.push_back(*read);
    }
  }
  return made;
}

}  // namespace gof::wire
