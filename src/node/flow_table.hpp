#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "link/credit.hpp"
#include "node/turn_share.hpp"
#include "wire/flow.hpp"
#include "wire/frame.hpp"
#include "wire/packet.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>

namespace gof::core {

/// The flows on this node's links: those it sends, those that end here, and those it passes on from one link
/// to another. What waits to go on stays in its flow, bounded by the credit that was given for it; nothing is
/// dropped but with a link that died. gof-protocol(7), FLOWS.
class flow_table {
 public:
  static constexpr std::size_t most_flows = 1024;  ///< that come in by one link
  /// Windows of all flows that come in by one link.
  static constexpr std::uint64_t most_window = std::uint64_t{128} << 20;
  static constexpr std::uint64_t many_windows = most_window / 2;  ///< no flow begins with a large one beyond
  static constexpr std::size_t most_control = 32 * 1024;  ///< bytes waiting, of one pair of nodes on one link
  static constexpr std::size_t most_control_pairs = 1024;            ///< on one link
  static constexpr std::size_t most_link_control = 4 * 1024 * 1024;  ///< bytes waiting, on one link
  static constexpr std::size_t least_control =
      256;  ///< a packet counts as so many: it costs more than its bytes
  /// Of flows that came by a link that died, or were reset, and wait for credit to go on: nobody else's
  /// window counts them. One flow may have as much.
  static constexpr std::uint64_t most_orphaned = inflow_credit::most_window;
  static constexpr std::size_t most_orphans = 1024;
  static constexpr duration orphan_time = 60s;
  static constexpr std::size_t most_ended = 4096;  ///< last generations kept, of one link
  static constexpr duration ended_time = 60s;

  struct waiting {
    wire::frame_type type{};
    wire::packet head;
    bytes payload;
  };
  /// A frame for the other end of a link.
  struct message {
    link_id link;
    wire::frame_type type{};
    bytes body;
  };
  enum class verdict {
    taken,
    ended,   ///< of a flow that is over: drop it
    beyond,  ///< more than was granted: the link's other end is hostile
    busy,    ///< too many flows
  };

  // ---- flows that end here
  verdict arrive(instant now, link_id from, const wire::flow& id, std::size_t size);

  // ---- flows that pass through
  verdict pass(instant now, link_id from, link_id to, waiting packet);
  /// Whether a packet of a flow that stands may go on at once, with nobody else to take turns with, and was
  /// counted as passed. False: pass() it.
  bool pass_at_once(link_id from, link_id to, const wire::packet& head, std::size_t size);
  /// Data that did not go into its flow is answered with the flow's end: who sent it would wait for credit
  /// for ever, and hold what waits behind it.
  void refuse(link_id from, const wire::flow& id, wire::reason why);
  /// Packets that take no credit: a small queue for each pair of nodes. Beyond it the oldest are lost, for
  /// the newest SACK says what they all did; beyond what a link holds those of the pair that waited longest.
  void pass_control(link_id to, waiting packet);

  /// What may go out by this link now. Flows take turns, so that each gets as many bytes.
  std::optional<waiting> poll_control(link_id to);
  std::optional<waiting> poll_data(link_id to);

  // ---- flows that begin here
  /// A new generation towards `destination`.
  wire::flow begin(link_id to, const node_id& source, const node_id& destination);
  /// Asked when it could go but for the credit: the other end is told of a flow that is blocked.
  bool covers(link_id to, const wire::flow& id, std::size_t size);
  void count(link_id to, const wire::flow& id, std::size_t size);
  void end(link_id to, const wire::flow& id);

  // ---- what links bring
  void handle_credit(link_id from, const wire::hop_credit& heard);
  void handle_blocked(link_id from, const wire::flow& id);
  void handle_close(instant now, link_id from, const wire::flow& id);
  void handle_reset(instant now, link_id from, const wire::flow_reset& heard);
  void handle_link_down(instant now, link_id link);
  void handle_round_trip(link_id link, duration measured);
  void handle_timeout(instant now);
  std::optional<instant> poll_timeout() const;

  /// How many flows take turns by this link: they have something to send, and were not found without credit.
  std::size_t waiting_flows(link_id to) const;

  std::optional<message> poll_message();
  /// A flow that began here lost its way, or one that ended here (its source is not ours) did.
  std::optional<wire::flow> poll_lost();

  std::size_t passing() const { return passages_.size(); }
  bool passes_by(link_id link) const;  ///< some flow of others
  /// Of packets that pass through and wait here, with credit and without.
  std::size_t held_bytes() const { return held_; }
  /// What held_bytes() may come to with the flows and pairs of nodes that there are now: what was granted for
  /// each flow, of orphans most_orphaned, and most_control for each pair with packets without credit.
  std::size_t held_limit() const;
  std::size_t flows() const { return passages_.size() + arrivals_.size() + own_.size(); }

 private:
  using key = std::pair<link_id, wire::flow>;
  using pair_of_nodes = std::pair<node_id, node_id>;
  struct passage {
    link_id to;
    inflow_credit in;
    outflow_credit out;
    std::deque<waiting> queue;
    turn_share share;
    bool parked = false;                    ///< what waits has no credit: it takes no turns
    bool closing = false;                   ///< FLOW-CLOSE came; what waits goes first
    std::optional<wire::reason> resetting;  ///< the link it came by died, or it was reset; likewise
    std::uint64_t orphan = 0;               ///< in orphans_, while it waits so
    instant orphan_until{};
  };
  /// What comes in by one link.
  struct inlet {
    std::size_t flows = 0;
    std::uint64_t windows = 0;             ///< of all of them
    duration round_trip{duration::max()};  ///< the shortest: a queue only makes it longer
  };
  struct ended_flow {
    std::uint16_t generation = 0;
    instant when{};
  };
  struct control_queue {
    std::deque<waiting> packets;
    std::size_t held = 0;  ///< bytes: most_control
  };
  struct controls {
    std::map<pair_of_nodes, control_queue> queues;
    std::deque<pair_of_nodes> turns;  ///< of those with something to send: the first waited longest
    std::size_t held = 0;             ///< bytes: most_link_control
  };

  std::map<key, passage> passages_;  ///< by the link they come in by
  std::map<key, link_id> upstream_;  ///< by the link they go out by: the other one
  std::map<key, inflow_credit> arrivals_;
  std::map<key, outflow_credit> own_;
  std::map<link_id, std::deque<key>> turns_;  ///< of the link they go out by; passages with something to send
  std::map<link_id, controls> controls_;
  std::map<link_id, std::map<pair_of_nodes, ended_flow>> ended_;
  std::map<link_id, inlet> inlets_;
  std::deque<message> messages_;
  std::deque<wire::flow> lost_;
  std::map<std::uint64_t, key> orphans_;  ///< the oldest first
  std::uint64_t next_orphan_ = 1;
  std::uint64_t orphaned_ = 0;  ///< bytes
  std::size_t held_ = 0;
  std::uint16_t generation_ = 0;

  verdict admit(instant now, link_id from, const wire::flow& id);
  inflow_credit first_credit(link_id from);
  void grant(link_id from, const wire::flow& id, inflow_credit& credit);
  void leave(instant now, link_id from, const wire::flow& id, const inflow_credit& credit);
  void drop(instant now, key which, std::optional<wire::reason> told_upstream);
  waiting take(std::deque<key>& order, const key& which, passage& p);
  void finish(const key& which);
  void tell_blocked(const key& which, outflow_credit& credit);
  void reset_behind(instant now, const key& which, wire::reason why);
  void disown(passage& p);
  void drop_orphan(key which);  ///< a copy: what held it may go
  void drop_oldest(control_queue& q, controls& of);
  void tell(link_id link, wire::frame_type type, bytes body) {
    messages_.push_back({link, type, std::move(body)});
  }
};

}  // namespace gof::core
