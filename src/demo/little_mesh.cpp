#include "demo/little_mesh.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <vector>

namespace gof::demo {
namespace {

using boost::system::error_code;

void throw_if(const error_code& error) {
  if (error) throw boost::system::system_error(error, "the mesh on 127.0.0.1 could not be made");
}

node_options options_of(const std::string& name, const std::array<std::uint8_t, 32>& network_key) {
  node_options options;
  options.name = name;
  options.network_key = network_key;
  return options;
}

}  // namespace

little_mesh::little_mesh(boost::asio::io_context& io)
    // The token of a grant is 32 random bytes, as a network key is.
    : network_key_(gof::grant::generate().token),
      server_(io, options_of("server", network_key_)),
      target_(server_, service, granted_) {
  std::vector<std::string> addresses;
  error_code error;
  for (std::size_t i = 0; i < relay_count; ++i) {
    relays_[i] = std::make_unique<node>(io, options_of(name(i), network_key_));
    const auto at = relays_[i]->listen({boost::asio::ip::address_v4::loopback(), 0}, error);
    throw_if(error);
    addresses.push_back("127.0.0.1:" + std::to_string(at.port()));
    server_.join({addresses.back()}, error);
    throw_if(error);
  }
  const auto shown = server_.issue(granted_, {{service, 0}}, addresses, error);
  throw_if(error);
  node_options guest;
  guest.name = "client";
  client_ = std::make_unique<node>(io, guest);
  client_->use(*shown, error);
  throw_if(error);
}

bool little_mesh::is_linked_twice(const node& end) const {
  const auto links = end.snapshot().links;
  return std::all_of(relays_.begin(), relays_.end(), [&](const auto& relay) {
    return std::any_of(links.begin(), links.end(),
                       [&](const auto& link) { return link.peer == relay->id(); });
  });
}

bool little_mesh::is_whole() const {
  return is_linked_twice(server_) && is_linked_twice(*client_);
}

std::optional<little_mesh::way> little_mesh::carrier() const {
  for (const auto& session : client_->snapshot().sessions) {
    if (session.peer != server_.id() || !session.has_path || session.through.size() != 1) continue;
    for (std::size_t i = 0; i < relay_count; ++i)
      if (session.through.front().peer == relays_[i]->id()) return way{i, session.round_trip};
  }
  return std::nullopt;
}

const std::string& little_mesh::name(std::size_t relay) {
  static const std::array<std::string, relay_count> names = {"north", "south"};
  return names[relay];
}

}  // namespace gof::demo
