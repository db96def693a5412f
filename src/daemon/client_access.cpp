#include "daemon/client_access.hpp"

#include "daemon/listen_lookup.hpp"
#include "daemon/mesh_listen.hpp"
#include "daemon/ticket_maker.hpp"
#include "net/system_random.hpp"
#include "os/interface_addresses.hpp"

namespace gof::daemon {

outcome<client_access::key_bytes> client_access::prepare(resolved_peer to) {
  to_ = std::move(to);
  auto names = look_up_now(hosts_of(address_.listen));
  if (!names) return names.error();
  names_ = std::move(*names);
  if (!joins()) return key_bytes();
  auto joined = read_bootstrap(mesh_.join);
  if (!joined) return joined.error();
  joined_ = std::move(*joined);
  const auto another = [&](const secure::secret32& key) -> std::optional<failure> {
    if (!to_.ticket || mesh_text(key) == to_.mesh) return std::nullopt;
    return failure{to_.code, two_meshes("the service ticket and --join", to_.mesh, mesh_text(key))};
  };
  // Before it takes the place of the one kept.
  if (joined_.network_key)
    if (auto wrong = another(*joined_.network_key)) return *wrong;
  net::system_random random;
  const auto key = member_key(mesh_, joined_, process_.kept(), random, process_.log());
  if (!key) return key.error();
  if (auto wrong = another(*key)) return *wrong;
  to_.mesh = mesh_text(*key);
  return key_bytes(array_of(*key));
}

std::optional<failure> client_access::begin() {
  if (auto wrong = listen()) return wrong;
  boost::system::error_code error;
  for (const auto& place : joined_.places)
    if (!error) process_.node().join(place, error);
  if (!error) to_.ticket ? process_.node().use(*to_.ticket, error) : process_.node().reach(to_.who, error);
  if (error) return failure{bad_command_line, error.message()};
  return std::nullopt;
}

/// Asked for by --listen: then others may dial this node, and are told where.
std::optional<failure> client_access::listen() {
  if (address_.listen.empty()) return std::nullopt;
  auto at = daemon::listen(process_.node(), address_.listen, names_, process_.kept(), process_.log());
  if (!at) return at.error();
  at_ = std::move(*at);
  std::vector<std::string> advertised;
  for (const auto& one : address_.advertise) advertised.push_back(one.text());
  boost::system::error_code error;
  process_.node().publish(
      {{}, announced_addresses(advertised, ticket_addresses(at_, os::interface_addresses()), {})}, error);
  if (error) return failure{failed, "the mesh cannot be told of this node: " + error.message()};
  return std::nullopt;
}

}  // namespace gof::daemon
