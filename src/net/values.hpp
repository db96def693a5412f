#pragma once

#include "base/hex.hpp"
#include "base/id.hpp"
#include "node/event.hpp"
#include "node/snapshot.hpp"
#include "secure/identity.hpp"
#include "wire/join_ticket.hpp"
#include "wire/open_options.hpp"
#include "wire/ticket.hpp"

#include <gof/endpoint.hpp>
#include <gof/identity.hpp>
#include <gof/join_ticket.hpp>
#include <gof/node.hpp>
#include <gof/ticket.hpp>

namespace gof {

struct identity::impl {
  secure::identity self;
};

struct ticket::impl {
  wire::ticket parts;
};

struct join_ticket::impl {
  wire::join_ticket parts;
};

namespace net {

inline peer_id id_of(const peer& who) {
  return peer_id(who.key());
}

inline peer peer_of(const peer_id& who) {
  return peer(who.value);
}

wire::socket_address address_of(const boost::asio::ip::tcp::endpoint& from);
boost::asio::ip::tcp::endpoint endpoint_of(const wire::socket_address& from);
/// The options of an OPEN or PROBE to this endpoint.
wire::open_options options_of(const endpoint& to);

inline std::vector<std::string> texts_of(const std::vector<wire::address>& addresses) {
  std::vector<std::string> all;
  for (const auto& one : addresses) all.push_back(one.text());
  return all;
}

inline std::vector<relay> relays_of(const std::vector<core::hop>& hops) {
  std::vector<relay> all;
  for (const auto& one : hops)
    all.push_back({peer_of(one.peer), one.node.is_zero() ? std::string() : to_hex(one.node.view()), one.name,
                   one.round_trip});
  return all;
}

known_node known_of(const core::known_state& from);
/// The node id that the text spells in hexadecimal; empty if it spells none.
std::optional<node_id> node_from(std::string_view text);

}  // namespace net
}  // namespace gof
