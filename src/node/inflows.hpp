#pragma once

#include "base/time.hpp"
#include "link/credit.hpp"
#include "node/flow_key.hpp"

#include <map>
#include <optional>

namespace gof::core {

/// The flows that come in by our links, whether they end here or are passed on: which may begin, how much of
/// each may come, and which are over. gof-protocol(7), FLOWS.
class inflows {
 public:
  static constexpr std::size_t most_flows = 1024;  ///< of one link
  /// Windows of all flows of one link, in bytes.
  static constexpr std::uint64_t most_window = std::uint64_t{128} << 20;
  static constexpr std::uint64_t many_windows = most_window / 2;  ///< no flow begins with a large one beyond
  static constexpr std::size_t most_ended = 4096;  ///< last generations remembered, of one link
  static constexpr duration ended_time = 60s;

  enum class verdict {
    taken,
    ended,   ///< of a flow that is over: drop it
    beyond,  ///< more than was granted: the link's other end is hostile
    busy,    ///< too many flows
  };

  /// So many bytes came by this link; the first of a flow begin it.
  [[nodiscard]] verdict take(instant now, link_id from, const wire::flow& id, std::size_t size);
  /// So many of them went on. A new limit for the sender, if one is due.
  std::optional<wire::hop_credit> release(link_id from, const wire::flow& id, std::size_t size);
  /// The sender has more than its credit lets it send. Counts when the next grant is looked at.
  void handle_blocked(link_id from, const wire::flow& id);
  /// All of it came.
  void close(link_id from, const wire::flow& id);
  /// It is over before its time: late packets of it must not begin it again.
  void end(instant now, link_id from, const wire::flow& id);
  void handle_round_trip(link_id link, duration measured);
  void handle_link_down(link_id link);

  bool contains(link_id from, const wire::flow& id) const { return flows_.contains({from, id}); }
  std::size_t size() const { return flows_.size(); }
  /// Bytes of it that may wait here before another grant.
  std::uint64_t may_hold(link_id from, const wire::flow& id) const;

 private:
  using pair_of_nodes = std::pair<node_id, node_id>;
  struct ended_flow {
    std::uint16_t generation = 0;
    instant when{};
  };
  struct inlet {
    std::size_t flows = 0;                      ///< most_flows
    std::uint64_t windows = 0;                  ///< of all of them
    duration round_trip{duration::max()};       ///< the shortest: a queue only makes it longer
    std::map<pair_of_nodes, ended_flow> ended;  ///< most_ended
  };

  std::map<flow_key, inflow_credit> flows_;
  std::map<link_id, inlet> inlets_;

  verdict admit(instant now, inlet& in, const wire::flow& id);
};

}  // namespace gof::core
