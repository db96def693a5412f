#pragma once

#include "base/id.hpp"
#include "node/waiting_packet.hpp"

#include <deque>
#include <map>
#include <optional>
#include <utility>

namespace gof::core {

/// Packets that take no credit and wait to be relayed. Each link has a small queue for each pair of nodes,
/// and the queues take turns. A full queue loses its oldest packet, as the newest SACK repeats what older
/// ones said. A link that holds too much loses the queue that has waited longest. gof-protocol(7), RELAYING.
class control_queues {
 public:
  static constexpr std::size_t most_of_pair = 32 * 1024;        ///< bytes, on one link
  static constexpr std::size_t most_pairs = 1024;               ///< on one link
  static constexpr std::size_t most_of_link = 4 * 1024 * 1024;  ///< bytes
  /// The least bytes that a packet counts for, since holding it takes more memory than its payload.
  static constexpr std::size_t least_cost = 256;

  void push(link_id to, waiting_packet packet);
  std::optional<waiting_packet> poll(link_id to);
  void handle_link_down(link_id link);

  std::size_t held_bytes() const { return held_; }  ///< payload only
  /// The limit of held_bytes() while only pairs that have packets now have some.
  std::size_t held_limit() const;

 private:
  using pair_of_nodes = std::pair<node_id, node_id>;
  struct queue {
    std::deque<waiting_packet> packets;
    std::size_t cost = 0;  ///< at most most_of_pair
  };
  struct outlet {
    std::map<pair_of_nodes, queue> queues;  ///< none is empty
    std::deque<pair_of_nodes> turns;        ///< of all queues; the first has waited longest
    std::size_t cost = 0;                   ///< at most most_of_link
  };

  std::map<link_id, outlet> outlets_;
  std::size_t held_ = 0;

  waiting_packet take_oldest(queue& q, outlet& of);
};

}  // namespace gof::core
