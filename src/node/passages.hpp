#pragma once

#include "base/take_first.hpp"
#include "base/time.hpp"
#include "link/credit.hpp"
#include "node/flow_key.hpp"
#include "node/turn_share.hpp"
#include "node/waiting_packet.hpp"

#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace gof::core {

/// Other nodes' flows that are relayed from one link to another: the packets that wait, and whose turn it is
/// at each link. The credit that they came under limits what waits. gof-protocol(7), FLOWS.
class passages {
 public:
  /// Bytes of flows that were reset, or whose link died, and that still wait for credit. No window counts
  /// them any more. One flow may have as many.
  static constexpr std::uint64_t most_orphaned = inflow_credit::most_window;
  static constexpr std::size_t most_orphans = 1024;
  static constexpr duration orphan_time = 60s;

  /// Whether a packet of this flow may go on by `to`: the flow is new, or goes there and has not ended.
  enum class verdict { sound, ended, busy };
  verdict look(link_id from, link_id to, const wire::flow& id) const;
  void push(link_id from, link_id to, waiting_packet packet);
  /// Whether another packet of a known flow need not wait: none waits at that link, and credit covers it.
  bool may_pass_at_once(link_id from, link_id to, const wire::flow& id, std::size_t size) const;
  /// A packet was relayed at once.
  void count(link_id from, const wire::flow& id, std::size_t size) { all_.at({from, id}).credit.count(size); }
  /// The next packet that may go. Flows take turns, so that each gets the same number of bytes.
  struct passed {
    waiting_packet packet;
    link_id from;
    bool orphan = false;  ///< no more credit is granted for it
    bool last = false;    ///< its flow has ended
  };
  std::optional<passed> poll(link_id to);

  /// False: the flow is unknown.
  bool handle_credit(link_id to, const wire::flow& id, std::uint64_t limit);
  enum class closing { unknown, waits, over };
  /// No more will come. What waits goes first.
  closing handle_close(link_id from, const wire::flow& id);
  /// The same, and the next node learns that something is missing. False: unknown, or reset before.
  bool handle_reset(instant now, link_id from, const wire::flow& id, wire::reason why);
  /// The flow cannot go on by `to`: what waited is dropped. Returns the link it came by, unless that is gone.
  struct dropped {
    link_id from;
    bool orphan = false;
  };
  std::optional<dropped> handle_reset_behind(link_id to, const wire::flow& id);
  /// Drops flows that went out by the link, and returns their incoming links. Resets those that came by it.
  std::vector<flow_key> handle_link_down(instant now, link_id link);
  void handle_timeout(instant now);
  std::optional<instant> poll_timeout() const;
  /// To the nodes that flows go to.
  std::optional<link_message> poll_message() { return take_first(messages_); }

  bool contains(link_id from, const wire::flow& id) const { return all_.contains({from, id}); }
  bool any_on(link_id link) const;  ///< that comes in or goes out by it
  /// How many have something to send on this link, and may have credit.
  std::size_t waiting(link_id to) const;
  std::size_t size() const { return all_.size(); }
  std::size_t orphans() const { return orphans_.size(); }
  std::size_t held_bytes() const { return held_; }
  std::uint64_t orphaned_bytes() const { return orphaned_; }
  std::vector<flow_key> keys() const;

 private:
  struct passage {
    link_id to;
    outflow_credit credit;
    std::deque<waiting_packet> queue;
    std::size_t held = 0;  ///< bytes in `queue`
    turn_share share;
    bool parked = false;                    ///< what waits lacks credit, so it takes no turns
    bool closing = false;                   ///< its end follows what waits
    std::optional<wire::reason> resetting;  ///< the end is a FLOW-RESET
    std::uint64_t orphan = 0;               ///< its key in orphans_; 0: it is none
    instant orphan_until{};
  };

  std::map<flow_key, passage> all_;                ///< by incoming link
  std::map<flow_key, link_id> upstream_;           ///< by outgoing link: the incoming one
  std::map<link_id, std::deque<flow_key>> turns_;  ///< by outgoing link
  std::map<std::uint64_t, flow_key> orphans_;      ///< the oldest first
  std::deque<link_message> messages_;
  std::uint64_t next_orphan_ = 1;
  std::uint64_t orphaned_ = 0;
  std::size_t held_ = 0;

  passed take(std::deque<flow_key>& order, const flow_key& which, passage& p);
  void finish(const flow_key& which);
  void drop(const flow_key& which);
  void reset_after_what_waits(instant now, const flow_key& which, wire::reason why);
  void drop_orphan(flow_key which);
};

}  // namespace gof::core
