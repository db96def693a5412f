#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "wire/record_links.hpp"

#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

namespace gof::core {

/// A route to another node, as it is written into a packet.
struct route {
  node_id first;                      ///< the neighbour that the packet goes to
  std::vector<std::uint16_t> labels;  ///< for each relay, its label of the next link
  std::vector<node_id> through;       ///< the relays in order; empty: `first` is the destination
  duration cost{};
  bool operator==(const route&) const = default;
};

/// The links between all nodes, as far as their records agree, and the cheapest routes over them. Layered
/// Bellman-Ford keeps each route to at most `most_links` links. gof-protocol(7), ROUTES.
///
/// A link from P to Q counts if P relays and Q lists it; if Q relays as well, P must list it, too. The first
/// link of a route is one of our own. Of routes with the same cost the one with fewer links wins, then the
/// one whose last relays have the lower ids.
class topology {
 public:
  static constexpr std::size_t most_labels = 5;
  static constexpr std::size_t most_links = most_labels + 1;

  struct neighbour {
    node_id node;
    wire::link_quality quality;
    bool relays = false;  ///< it is a member; routes may not lead through a guest
  };
  struct description {
    node_id node;
    const wire::record_links* links;
  };

  topology() = default;
  topology(const node_id& own, const std::vector<description>& records,
           const std::vector<neighbour>& neighbours);

  /// The cheapest, then one that shares as few nodes with it as possible. Empty: none, or none short enough.
  std::vector<route> routes_to(const node_id& destination,
                               const std::set<node_id>& avoiding_first_hops = {}) const;
  std::optional<route> route_to(const node_id& destination) const;
  std::optional<duration> cost_to(const node_id& destination) const;

 private:
  using vertex = std::uint32_t;
  static constexpr vertex nowhere = ~vertex{0};

  struct arc {  ///< a link into a vertex
    vertex from = nowhere;
    std::uint16_t label = 0;
    duration cost{};
  };
  struct reach {
    duration cost = duration::max();
    vertex from = nowhere;
    std::uint16_t label = 0;
  };
  /// At [links - 1][vertex]: the cheapest route with exactly that many links.
  using layers = std::vector<std::vector<reach>>;
  struct exclusion {
    std::vector<bool> first;     ///< not as the first hop
    std::vector<bool> anywhere;  ///< nowhere on the route
  };

  std::vector<node_id> nodes_;          ///< ascending; a vertex is an index into it
  std::vector<std::vector<arc>> into_;  ///< arcs by the vertex that they lead to
  std::vector<reach> own_;              ///< our own links, by the vertex that they lead to
  std::vector<bool> relays_;
  layers cheapest_;
  mutable std::unordered_map<node_id, std::vector<route>, node_id::hash> cache_;  ///< at most 1 a vertex

  vertex find(const node_id& node) const;
  void add_arcs(vertex to, const wire::record_links& its,
                const std::vector<const wire::record_links*>& records);
  exclusion nothing() const;
  layers spread(const exclusion& without) const;
  std::optional<route> extract(const layers& from, vertex destination) const;
  std::optional<route> backup_of(const route& best, vertex destination, exclusion without) const;
};

}  // namespace gof::core
