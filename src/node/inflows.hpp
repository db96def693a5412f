#pragma once

#include "base/time.hpp"
#include "link/credit.hpp"
#include "node/flow_key.hpp"

#include <map>
#include <optional>

namespace gof::core {

/// The flows that come in by our links, whether they end here or are relayed: which may begin, how many bytes
/// of each may come, and which have ended. gof-protocol(7), FLOWS.
class inflows {
 public:
  static constexpr std::size_t most_flows = 1024;  ///< of one link
  /// Windows of all flows of one link, in bytes.
  static constexpr std::uint64_t most_window = std::uint64_t{128} << 20;
  static constexpr std::uint64_t many_windows = most_window / 2;  ///< above it flows begin with small ones
  static constexpr std::size_t most_ended = 4096;  ///< latest generations remembered, of one link
  static constexpr duration ended_time = 60s;

  enum class verdict {
    taken,
    ended,   ///< the flow has ended: drop it
    beyond,  ///< more than was granted: the link's other end is hostile
    busy,    ///< too many flows
  };

  /// So many bytes came by this link. A flow begins with its first bytes.
  [[nodiscard]] verdict take(instant now, link_id from, const wire::flow& id, std::size_t size);
  /// So many bytes of it went on. Returns a new limit for the sender, if one is due.
  std::optional<wire::hop_credit> release(link_id from, const wire::flow& id, std::size_t size);
  /// The sender has more data than credit, which counts when the next grant is decided.
  void handle_blocked(link_id from, const wire::flow& id);
  /// All of the flow has come.
  void close(link_id from, const wire::flow& id);
  /// The flow has ended early: late packets must not begin it again.
  void end(instant now, link_id from, const wire::flow& id);
  /// A packet of a flow that had not begun was refused, so those behind it must not begin the flow.
  void refuse(instant now, link_id from, const wire::flow& id);
  void handle_round_trip(link_id link, duration measured);
  void handle_link_down(link_id link);

  bool contains(link_id from, const wire::flow& id) const { return flows_.contains({from, id}); }
  std::size_t size() const { return flows_.size(); }
  /// How many bytes of the flow may wait here before another grant.
  std::uint64_t may_hold(link_id from, const wire::flow& id) const;

 private:
  using pair_of_nodes = std::pair<node_id, node_id>;
  struct ended_flow {
    std::uint16_t generation = 0;
    instant when{};
  };
  struct inlet {
    std::size_t flows = 0;                      ///< at most most_flows
    std::uint64_t windows = 0;                  ///< of all these flows
    duration round_trip{duration::max()};       ///< the shortest, as a queue can only make it longer
    std::map<pair_of_nodes, ended_flow> ended;  ///< at most most_ended
  };

  std::map<flow_key, inflow_credit> flows_;
  std::map<link_id, inlet> inlets_;

  verdict admit(instant now, inlet& in, const wire::flow& id);
};

}  // namespace gof::core
