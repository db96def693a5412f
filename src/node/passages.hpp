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

/// Other nodes' flows that are passed on from one link to another: the packets that wait, and whose turn it
/// is at each link. The credit that they came under bounds what waits. gof-protocol(7), FLOWS.
class passages {
 public:
  /// Bytes of flows that were reset, or whose link died, and still wait for credit to go on: nobody's window
  /// counts them any more. One flow may have as much.
  static constexpr std::uint64_t most_orphaned = inflow_credit::most_window;
  static constexpr std::size_t most_orphans = 1024;
  static constexpr duration orphan_time = 60s;

  /// Whether a packet of this flow may go on by `to`: the flow is new, or goes there and has not ended.
  enum class verdict { sound, ended, busy };
  verdict look(link_id from, link_id to, const wire::flow& id) const;
  void push(link_id from, link_id to, waiting_packet packet);
  /// Whether one more packet of a flow that is here need not wait: none waits at that link, and credit covers
  /// it.
  bool may_pass_at_once(link_id from, link_id to, const wire::flow& id, std::size_t size) const;
  /// It was passed on at once.
  void count(link_id from, const wire::flow& id, std::size_t size) { all_.at({from, id}).credit.count(size); }
  /// The next packet that may go. Flows take turns, so that each gets as many bytes.
  struct passed {
    waiting_packet packet;
    link_id from;
    bool orphan = false;  ///< no credit is to be given for it any more
    bool last = false;    ///< its flow is over
  };
  std::optional<passed> poll(link_id to);

  /// False: no flow of ours.
  bool handle_credit(link_id to, const wire::flow& id, std::uint64_t limit);
  enum class closing { unknown, waits, over };
  /// No more will come. What waits goes first.
  closing handle_close(link_id from, const wire::flow& id);
  /// The same, and the next node learns that something is missing. False: unknown, or reset already.
  bool handle_reset(instant now, link_id from, const wire::flow& id, wire::reason why);
  /// It cannot go on by `to`: what waited is gone. The link that it came by, unless that is gone too.
  struct dropped {
    link_id from;
    bool orphan = false;
  };
  std::optional<dropped> handle_reset_behind(link_id to, const wire::flow& id);
  /// Those that went out by it are gone: the links that they came by. Those that came by it are reset.
  std::vector<flow_key> handle_link_down(instant now, link_id link);
  void handle_timeout(instant now);
  std::optional<instant> poll_timeout() const;
  /// For the nodes that flows go to.
  std::optional<link_message> poll_message() { return take_first(messages_); }

  bool contains(link_id from, const wire::flow& id) const { return all_.contains({from, id}); }
  bool any_on(link_id link) const;  ///< that comes in or goes out by it
  /// How many have something to send by this link and are not known to lack credit.
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
    std::size_t held = 0;  ///< bytes in it
    turn_share share;
    bool parked = false;                    ///< what waits lacks credit: it takes no turns
    bool closing = false;                   ///< its end goes on after what waits
    std::optional<wire::reason> resetting;  ///< the end is a FLOW-RESET
    std::uint64_t orphan = 0;               ///< in orphans_
    instant orphan_until{};
  };

  std::map<flow_key, passage> all_;                ///< by the link they come in by
  std::map<flow_key, link_id> upstream_;           ///< by the link they go out by: the other one
  std::map<link_id, std::deque<flow_key>> turns_;  ///< of the link they go out by
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
