#pragma once

#include "base/id.hpp"
#include "base/rate_limit.hpp"
#include "mesh/record_store.hpp"
#include "mesh/topology.hpp"

#include <map>
#include <optional>
#include <vector>

namespace gof::core {

/// The links that we have, by number, node and peer: as many as the owner lets in.
class neighbour_table {
 public:
  /// Who is on the other side of a link.
  struct neighbour {
    enum class kind { member, guest };
    link_id link{};
    node_id node;
    peer_id peer;
    kind is = kind::member;
    std::vector<peer_id> issuers;  ///< of a guest's tickets: whose profiles it may see
    std::uint16_t our_label = 0;   ///< that we gave the link
    /// That the neighbour gave it. 0: not told yet, so the link is not in our record either.
    std::uint16_t their_label = 0;
  };
  struct entry {
    neighbour other;
    std::uint8_t round_trip = 0;  ///< code; follows only what differs much
    rate_limit verifications;     ///< of records that it passes on
  };

  explicit neighbour_table(std::uint32_t verifications_in_a_second)
      : verifications_in_a_second_(verifications_in_a_second) {}

  /// Whether the link is new; else what is known of it is replaced.
  bool set(const neighbour& other);
  /// Who it was.
  std::optional<neighbour> remove(link_id link);
  entry* find(link_id link);

  bool has(const node_id& node) const { return by_node_.contains(node); }
  std::optional<peer_id> peer_of(const node_id& node) const;
  std::vector<node_id> nodes_of(const peer_id& peer) const;
  /// The next one by id. Empty: there is none.
  std::optional<node_id> node_after(const std::optional<node_id>& node) const;
  /// The best of the links to the node; only one whose links are all a member's may relay.
  std::optional<topology::neighbour> best_to(const node_id& node) const;
  /// What our record says: members alone, each once. Of two links to the same node the newer is the one that
  /// stays.
  std::vector<wire::record_link> described(const record_store& records) const;

 private:
  std::uint32_t verifications_in_a_second_;
  std::map<link_id, entry> links_;
  std::multimap<node_id, link_id> by_node_;
  std::multimap<peer_id, link_id> by_peer_;
};

}  // namespace gof::core
