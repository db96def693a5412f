#include "net/values.hpp"

namespace gof::net {

namespace ip = boost::asio::ip;

wire::socket_address address_of(const ip::tcp::endpoint& from) {
  wire::socket_address made;
  made.port = from.port();
  auto address = from.address();
  // An IPv4-mapped address becomes IPv4, as the other end of the connection sees it.
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = ip::make_address_v4(ip::v4_mapped, address.to_v6());
  made.is_v6 = address.is_v6();
  if (made.is_v6) {
    made.address = address.to_v6().to_bytes();
  } else {
    const auto bytes = address.to_v4().to_bytes();
    std::copy(bytes.begin(), bytes.end(), made.address.begin());
  }
  return made;
}

ip::tcp::endpoint endpoint_of(const wire::socket_address& from) {
  if (from.is_v6) return {ip::address_v6(from.address), from.port};
  ip::address_v4::bytes_type bytes{};
  std::copy_n(from.address.begin(), bytes.size(), bytes.begin());
  return {ip::address_v4(bytes), from.port};
}

wire::open_options options_of(const endpoint& to) {
  wire::open_options made;
  if (to.client) made.client = address_of(*to.client);
  for (const auto& one : to.listening) {
    if (made.listeners.size() == wire::open_options::most_listeners) break;
    made.listeners.push_back(address_of(one));
  }
  return made;
}

std::optional<node_id> node_from(std::string_view text) {
  const auto read = from_hex(text);
  node_id id;
  if (!read || read->size() != id.value.size()) return std::nullopt;
  std::copy(read->begin(), read->end(), id.value.begin());
  return id;
}

known_node known_of(const core::known_state& from) {
  return {peer_of(from.peer), to_hex(from.node.view()), from.name,      from.services, from.relays,
          from.reachable,     relays_of(from.through),  from.round_trip};
}

}  // namespace gof::net
