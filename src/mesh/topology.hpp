#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "wire/record_links.hpp"

#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
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
///
/// A node's record changes its own edges and no others, and update() looks only at nodes that a change
/// reaches. A change close to us reaches most of them, since their routes begin with it: that walk is
/// inherent.
class topology {
 public:
  static constexpr std::size_t most_labels = 5;
  static constexpr std::size_t most_links = most_labels + 1;

  /// Our own link.
  struct neighbour {
    wire::link_quality quality;
    bool relays = false;  ///< it is a member; routes may not lead through a guest
  };
  struct news {
    bool changed = false;         ///< routes may differ
    std::vector<node_id> turned;  ///< became reachable, or unreachable
  };

  explicit topology(const node_id& own = {}) : own_(own) {}

  // ---- commands; routes follow with update()
  /// The links that the node's record lists. Null: there is no record any more.
  void set_links(const node_id& node, const wire::record_links* says);
  /// The best of our own links to the node. Empty: there is none any more.
  void set_neighbour(const node_id& node, const std::optional<neighbour>& link);
  void update();
  /// What has changed since the last call.
  news take_news() { return std::exchange(news_, {}); }

  // ---- queries, as of the last update()
  /// The cheapest, then one that shares as few nodes with it as possible. Empty: none, or none short enough.
  std::vector<route> routes_to(const node_id& destination,
                               const std::set<node_id>& avoiding_first_hops = {}) const;
  /// The cheapest, without a search: it is read off the routes to all nodes.
  std::optional<route> route_to(const node_id& destination) const;
  std::optional<duration> cost_to(const node_id& destination) const;

 private:
  using vertex = std::uint32_t;
  static constexpr vertex nowhere = ~vertex{0};

  struct arc {              ///< a link into a vertex
    vertex from = nowhere;  ///< nowhere: it does not count
    std::uint16_t label = 0;
    duration cost{};
    bool operator==(const arc&) const = default;
  };
  struct reach {
    duration cost = duration::max();
    vertex from = nowhere;
    std::uint16_t label = 0;
    bool operator==(const reach&) const = default;
  };
  struct place {
    node_id node;
    std::optional<wire::record_links> says;
    std::vector<arc> into;  ///< one for each link in its record, in the same order
    duration own = duration::max();
    bool member = true;  ///< as far as our own links show
    bool reachable = false;

    bool relays() const { return member && says && says->relays; }
  };
  /// At [links - 1][vertex]: the cheapest route with exactly that many links.
  using layers = std::vector<std::vector<reach>>;
  struct exclusion {
    std::vector<bool> first;     ///< not as the first hop
    std::vector<bool> anywhere;  ///< nowhere on the route
  };

  node_id own_;
  std::vector<place> places_;  ///< at most as many as records and our own links
  std::vector<vertex> free_;   ///< of these
  std::unordered_map<node_id, vertex, node_id::hash> by_node_;
  /// Which nodes each record names: at most record_links::most_links a record.
  std::set<std::pair<node_id, vertex>> named_;
  std::set<vertex> changed_;  ///< vertices with other arcs since the last update()
  layers cheapest_ = layers(most_links);
  news news_;
  mutable std::unordered_map<node_id, std::vector<route>, node_id::hash> cache_;  ///< at most 1 a vertex

  vertex find(const node_id& node) const;
  vertex add(const node_id& node);
  void drop_unless_used(vertex v);
  void name(vertex by, const std::optional<wire::record_links>& before);
  static std::vector<arc> counting(std::vector<arc> those);
  arc judge(vertex to, const wire::record_link& link) const;
  void judge_again(vertex from, vertex to);
  void judge_all_from(vertex from);
  std::vector<vertex> reached_by(const std::vector<vertex>& moved) const;
  reach step_to(vertex v, const std::vector<reach>& last) const;
  void note_reachable(const std::vector<vertex>& touched);

  exclusion nothing() const;
  layers spread(const exclusion& without) const;
  std::optional<route> extract(const layers& from, vertex destination) const;
  std::optional<route> backup_of(const route& best, vertex destination, exclusion without) const;
};

}  // namespace gof::core
