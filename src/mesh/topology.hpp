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
///
/// What one node says changes its own edges and no others, and update() looks only at nodes that a change
/// reaches. A change close to us reaches most of them, since their ways begin with it: that walk is inherent.
class topology {
 public:
  static constexpr std::size_t most_labels = 5;
  static constexpr std::size_t most_links = most_labels + 1;

  /// Our own link.
  struct neighbour {
    wire::link_quality quality;
    bool relays = false;  ///< the other side is a member; else the link is good only for itself
  };
  struct news {
    bool changed = false;         ///< some way may be another one
    std::vector<node_id> turned;  ///< can be reached now and could not, or the other way round
  };

  explicit topology(const node_id& own = {}) : own_(own) {}

  // ---- commands; ways follow with update()
  /// What the node's record says of its links. Null: there is no record any more.
  void set_links(const node_id& node, const wire::record_links* says);
  /// The best of our own links to the node. Empty: there is none any more.
  void set_neighbour(const node_id& node, const std::optional<neighbour>& link);
  void update();
  /// Since it was taken last.
  news take_news() { return std::exchange(news_, {}); }

  // ---- queries, as of the last update()
  /// The cheapest, then one that shares as few nodes with it as can be. Empty: none, or none short enough.
  std::vector<route> routes_to(const node_id& destination,
                               const std::set<node_id>& avoiding_first_hops = {}) const;
  /// Without a search: it is read off the ways to all nodes.
  std::optional<route> route_to(const node_id& destination) const;
  std::optional<duration> cost_to(const node_id& destination) const;

 private:
  using vertex = std::uint32_t;
  static constexpr vertex nowhere = ~vertex{0};

  struct arc {              ///< comes in from `from`
    vertex from = nowhere;  ///< that, if it does not count
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
    std::vector<arc> into;  ///< one for each link that it names, in their order
    duration own = duration::max();
    bool member = true;  ///< as far as our own links tell
    bool reachable = false;

    bool relays() const { return member && says && says->relays; }
  };
  /// At [links - 1][vertex] the cheapest way of exactly so many links.
  using layers = std::vector<std::vector<reach>>;
  struct exclusion {
    std::vector<bool> first;     ///< not as a neighbour we send to
    std::vector<bool> anywhere;  ///< not at all
  };

  node_id own_;
  std::vector<place> places_;  ///< <= the records there are and our own links
  std::vector<vertex> free_;   ///< of these
  std::unordered_map<node_id, vertex, node_id::hash> by_node_;
  /// Who is named by whose record: <= record_links::most_links a record.
  std::set<std::pair<node_id, vertex>> named_;
  std::set<vertex> changed_;  ///< what leads into them, since the last update()
  layers cheapest_ = layers(most_links);
  news news_;
  mutable std::unordered_map<node_id, std::vector<route>, node_id::hash> cache_;  ///< <= a route a vertex

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
