#include "daemon/client_access.hpp"

#include "daemon/ticket_maker.hpp"
#include "net/system_random.hpp"

namespace gof::daemon {

std::optional<failure> client_access::read(const peer_argument& from) {
  auto to = resolve_peer(from);
  if (!to) return to.error();
  to_ = std::move(*to);
  return std::nullopt;
}

outcome<network_key> client_access::prepare() {
  if (settings_.mesh.join.empty()) return network_key();
  auto joined = read_bootstrap(settings_.mesh.join);
  if (!joined) return joined.error();
  joined_ = std::move(*joined);
  const auto another = [&](const secure::secret32& key) -> std::optional<failure> {
    if (!to_.ticket || mesh_text(key) == to_.mesh) return std::nullopt;
    return failure{to_.code, two_meshes("the service ticket and --join", to_.mesh, mesh_text(key))};
  };
  // Checked before it replaces the one kept.
  if (joined_.network_key)
    if (auto wrong = another(*joined_.network_key)) return *wrong;
  net::system_random random;
  const auto key = member_key(settings_.mesh, joined_, process_.kept(), random, process_.log());
  if (!key) return key.error();
  if (auto wrong = another(*key)) return *wrong;
  to_.mesh = mesh_text(*key);
  return network_key(array_of(*key));
}

std::optional<failure> client_access::begin(const std::vector<listening>& at) {
  boost::system::error_code error;
  if (!at.empty()) process_.node().publish({{}, advertised_addresses(settings_.address, at, {})}, error);
  if (error) return failure{failed, "the mesh cannot be told of this node: " + error.message()};
  for (const auto& place : joined_.places)
    if (!error) process_.node().join(place, error);
  if (!error) to_.ticket ? process_.node().use(*to_.ticket, error) : process_.node().reach(to_.who, error);
  if (error) return failure{bad_command_line, error.message()};
  return std::nullopt;
}

}  // namespace gof::daemon
