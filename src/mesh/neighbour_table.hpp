#pragma once

#include "base/id.hpp"
#include "base/rate_limit.hpp"
#include "mesh/record_store.hpp"
#include "mesh/topology.hpp"

#include <map>
#include <optional>
#include <vector>

namespace gof::core {

/// Our links, by number, node and peer. The owner limits how many there are.
class neighbour_table {
 public:
  /// The node at the other end of a link.
  struct neighbour {
    enum class kind { member, guest };
    link_id link{};
    node_id node;
    peer_id peer;
    kind is = kind::member;
    std::vector<peer_id> issuers;  ///< of a guest's tickets: it may see the profiles of these peers
    std::uint16_t our_label = 0;   ///< the label that we gave the link
    /// The label that the neighbour gave it. 0: not known yet, so our record leaves the link out.
    std::uint16_t their_label = 0;
  };
  struct entry {
    neighbour other;
    std::uint8_t round_trip = 0;  ///< as a code; updated only when it differs much
    rate_limit verifications;     ///< of records that it passes on
  };

  explicit neighbour_table(std::uint32_t verifications_in_a_second)
      : verifications_in_a_second_(verifications_in_a_second) {}

  /// Adds the link, or replaces what is known of it. Whether it is new.
  bool set(const neighbour& other);
  /// The neighbour that it led to.
  std::optional<neighbour> remove(link_id link);
  entry* find(link_id link);

  bool has(const node_id& node) const { return by_node_.contains(node); }
  std::optional<peer_id> peer_of(const node_id& node) const;
  std::vector<node_id> nodes_of(const peer_id& peer) const;
  /// The next node in the order of ids. Empty: there is none.
  std::optional<node_id> node_after(const std::optional<node_id>& node) const;
  /// The best link to the node, which may relay only if all our links to it are with a member.
  std::optional<topology::neighbour> best_to(const node_id& node) const;
  /// The links that our record lists: to members only, one for each node. Of two links to a node it is the
  /// newer.
  std::vector<wire::record_link> described(const record_store& records) const;

 private:
  std::uint32_t verifications_in_a_second_;
  std::map<link_id, entry> links_;
  std::multimap<node_id, link_id> by_node_;
  std::multimap<peer_id, link_id> by_peer_;
};

}  // namespace gof::core
