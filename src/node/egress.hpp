#pragma once

#include "base/id.hpp"
#include "node/turn_share.hpp"

#include <deque>
#include <map>
#include <optional>
#include <unordered_map>

namespace gof::core {

/// Who takes turns at each link: our own sessions that may have something to send by it, each as one, and all
/// flows that pass through, each as one. Who has nothing to send, or no credit, is not asked again until it
/// is woken.
class egress {
 public:
  /// Whose turn it is; none: that of the flows that pass through.
  using sender = std::optional<node_id>;

  /// This session may have packets for the link: now, or again.
  void wake(link_id link, const node_id& session);
  void wake_passing(link_id link);
  void forget(link_id link) { outlets_.erase(link); }

  /// The next session that was woken, for its packets that no credit holds back.
  std::optional<node_id> poll_woken(link_id link);
  /// Whose turn it is for packets with data; empty: nobody's.
  std::optional<sender> turn(link_id link) const;
  /// The one whose turn it is has had it, and may have more; or has nothing more that may go.
  void pass_on(link_id link);
  void rest(link_id link);
  /// What passes through takes a turn of one share a flow.
  turn_share& passing(link_id link) { return outlets_.at(link).passing; }
  /// Sessions that are remembered: those that were woken or wait.
  std::size_t size(link_id link) const {
    const auto found = outlets_.find(link);
    return found == outlets_.end() ? 0 : found->second.sessions.size();
  }

 private:
  struct flags {
    bool woken = false;
    bool waits = false;  ///< for its turn
  };
  // A session stands in these at most once; those that rest, in none.
  struct outlet {
    std::unordered_map<node_id, flags, node_id::hash> sessions;
    std::deque<node_id> woken;
    std::deque<sender> turns;
    bool passing_waits = false;
    turn_share passing;
  };
  std::map<link_id, outlet> outlets_;
};

}  // namespace gof::core
