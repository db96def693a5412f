#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "wire/record_links.hpp"

#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

namespace gof::core {

/// A way to another node, as it goes into a packet.
struct route {
  node_id first;                      ///< the neighbour that gets the packet
  std::vector<std::uint16_t> labels;  ///< one for each relay: its name of the link to go on by
  std::vector<node_id> through;       ///< the relays in order; empty: the neighbour is who we want
  duration cost{};
  bool operator==(const route&) const = default;
};

/// Who is linked to whom, as far as it is believed, and the cheapest ways through it: layered Bellman-Ford,
/// so that each way has at most `most_links` links. gof-protocol(7), ROUTES.
///
/// A link from P on to Q counts when P may relay and Q lists it; if Q may relay, P must list it as well. The
/// first link of a way is one of our own. Of ways that cost the same the one with fewer links is taken, then
/// the one whose last relays have the lower ids.
class topology {
 public:
  static constexpr std::size_t most_labels = 5;
  static constexpr std::size_t most_links = most_labels + 1;

  struct neighbour {
    node_id node;
    wire::link_quality quality;
    bool relays = false;  ///< it is a member; else the link is good only for itself
  };
  struct description {
    node_id node;
    const wire::record_links* links;
  };

  topology() = default;
  topology(const node_id& own, const std::vector<description>& records,
           const std::vector<neighbour>& neighbours);

  /// The cheapest, then one that shares as few nodes with it as can be. Empty: none, or none short enough.
  std::vector<route> routes_to(const node_id& destination,
                               const std::set<node_id>& avoiding_first_hops = {}) const;
  std::optional<route> route_to(const node_id& destination) const;
  std::optional<duration> cost_to(const node_id& destination) const;

 private:
  using vertex = std::uint32_t;
  static constexpr vertex nowhere = ~vertex{0};

  struct arc {  ///< comes in from `from`
    vertex from = nowhere;
    std::uint16_t label = 0;
    duration cost{};
  };
  struct reach {
    duration cost = duration::max();
    vertex from = nowhere;
    std::uint16_t label = 0;
  };
  /// At [links - 1][vertex] the cheapest way of exactly so many links.
  using layers = std::vector<std::vector<reach>>;
  struct exclusion {
    std::vector<bool> first;     ///< not as a neighbour we send to
    std::vector<bool> anywhere;  ///< not at all
  };

  std::vector<node_id> nodes_;          ///< ascending: a vertex is a place in it
  std::vector<std::vector<arc>> into_;  ///< by vertex
  std::vector<reach> own_;              ///< by vertex: our own links
  std::vector<bool> relays_;
  layers cheapest_;
  mutable std::unordered_map<node_id, std::vector<route>, node_id::hash> cache_;  ///< <= a route a vertex

  vertex find(const node_id& node) const;
  void add_arcs(vertex to, const wire::record_links& its,
                const std::vector<const wire::record_links*>& records);
  exclusion nothing() const;
  layers spread(const exclusion& without) const;
  std::optional<route> extract(const layers& from, vertex destination) const;
  std::optional<route> backup_of(const route& best, vertex destination, exclusion without) const;
};

}  // namespace gof::core
