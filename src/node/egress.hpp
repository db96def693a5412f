#pragma once

#include "base/id.hpp"
#include "node/turn_share.hpp"

#include <deque>
#include <map>
#include <optional>
#include <unordered_map>

namespace gof::core {

/// Which senders take turns at each link: our own sessions that may have something to send on it, and all
/// relayed flows together. A sender with nothing to send, or without credit, is not asked again until it is
/// woken.
class egress {
 public:
  /// Whose turn it is; empty: that of the relayed flows.
  using sender = std::optional<node_id>;

  /// This session may have packets for the link, maybe again.
  void wake(link_id link, const node_id& session);
  void wake_passing(link_id link);
  void forget(link_id link) { outlets_.erase(link); }

  /// The next woken session, for its packets that need no credit.
  std::optional<node_id> poll_woken(link_id link);
  /// Whose turn it is for packets with data; empty: no sender has any.
  std::optional<sender> turn(link_id link) const;
  /// pass_on(): the sender may have more, and goes to the end. rest(): nothing more of it may be sent.
  void pass_on(link_id link);
  void rest(link_id link);
  /// Relayed flows take one turn together, of one share for each flow.
  turn_share& passing(link_id link) { return outlets_.at(link).passing; }
  /// Sessions that are remembered: woken ones, and those that wait for a turn.
  std::size_t size(link_id link) const {
    const auto found = outlets_.find(link);
    return found == outlets_.end() ? 0 : found->second.sessions.size();
  }

 private:
  struct flags {
    bool woken = false;
    bool waits = false;  ///< for its turn
  };
  // A session is in each of these at most once; one that rests is in none.
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
