#pragma once

#include "mesh/mesh.hpp"
#include "node/event.hpp"
#include "node/link_table.hpp"
#include "node/path.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gof::core {

/// What follows from our links and the mesh: routes to other nodes, and what people are shown of them.
/// Changes nothing.
class router {
 public:
  router(const node_id& self, const link_table& links, const mesh& gossip)
      : self_(self), links_(links), gossip_(gossip) {}

  /// The best first: a link that leads to the node itself, then the routes of the mesh.
  std::vector<path> paths_to(const node_id& node) const;
  /// The best of them, without looking for another one.
  std::optional<path> path_to(const node_id& node) const;
  /// The peer's nodes that may have the service, the nearest first.
  std::vector<node_id> nodes_of(const peer_id& peer, const std::string& service = {}) const;
  std::vector<hop> hops_of(const std::optional<path>& taken) const;
  /// Between two neighbours: measured by us, or as the records of both report.
  std::optional<duration> round_trip(const node_id& from, const node_id& to) const;
  /// Where guests may dial other members that are linked with us: the first address of each, then the second.
  std::vector<wire::address> places_of_members() const;

 private:
  const node_id& self_;
  const link_table& links_;
  const mesh& gossip_;
};

}  // namespace gof::core
