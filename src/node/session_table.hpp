#pragma once

#include "base/take_first.hpp"
#include "base/timer_queue.hpp"
#include "link/link.hpp"
#include "node/config.hpp"
#include "node/half_open.hpp"
#include "node/path_choice.hpp"
#include "node/remote.hpp"
#include "node/session_index.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

namespace gof::core {

/// The sessions with other nodes: which stand or are being made, by which path each goes, and under which
/// flow its data. Finds them by node and by peer, and touches only those that something happens to.
class session_table {
 public:
  static constexpr duration retry_time = 1s;
  static constexpr std::size_t most_pinging = 1024;
  static constexpr duration flow_idle_time = 30s;

  using own_flow = remote::own_flow;
  struct event {
    node_id node;
    remote::event what;
  };

  /// All outlive it.
  session_table(const node_config& how, const instance_id& instance, const node_id& self, sctp::stack& stack,
                random_source& random, credit_budget& budget);

  // ---- begin and end
  /// As its client, by the best of these paths.
  void start(instant now, const node_id& node, const peer_id& peer, const session_credentials& with,
             std::vector<path> candidates);
  /// Whether one may be begun: none stands, and the last try is not too fresh.
  bool may_start(const node_id& node) const { return !all_.contains(node) && !postponed_.contains(node); }
  /// Says so to the other side, once what poll_control() gives is written; `over` follows.
  void close(const node_id& node, wire::reason why);
  /// No other is begun with this node for a while.
  void postpone(instant now, const node_id& node);
  /// It is gone, with its flow.
  void forget(const node_id& node);
  void clear();

  // ---- inputs
  void handle_packet(instant now, const link::received& packet, const path& back);
  void handle_crypto(instant now, const link::received& packet, const path& back);
  void handle_link_down(link_id link);
  /// True: one may be begun that was postponed.
  bool handle_timeout(instant now);
  /// SCTP's timers ran.
  void handle_tick();

  // ---- commands
  void set_path(instant now, const node_id& node, std::optional<path> next);
  /// Only a session's client chooses; its server follows.
  void choose_path(instant now, const node_id& node, std::vector<path> candidates);
  /// It did not carry. True: another one is to be chosen.
  bool suspect_path(instant now, const node_id& node, bool broken);
  void probe(instant now, const node_id& node);
  /// A round trip is wanted. False: with a session that does not stand yet.
  bool ask(instant now, const peer_id& peer);
  void keep(const node_id& node, bool wanted);
  /// Something was done to its streams: to be settled.
  void touch(const node_id& node);
  void settle(instant now);
  /// Only its streams, at once: after a command to them, which moves nothing else.
  void settle_streams(instant now, const node_id& node);
  /// Packets of it were written: its timers are others.
  void handle_written(const node_id& node);

  // ---- outputs
  std::optional<event> poll_event() { return take_first(events_); }
  /// One that may have packets to send by its path.
  std::optional<node_id> poll_ready() { return take_first(ready_); }
  /// Its path is none that was known before.
  std::optional<node_id> poll_path_changed() { return take_first(path_changed_); }
  /// It has none, and may try again what failed.
  std::optional<node_id> poll_path_wanted() { return take_first(path_wanted_); }
  std::optional<own_flow> poll_ended_flow() { return take_first(ended_flows_); }
  std::optional<instant> poll_timeout() const;

  // ---- queries
  remote* find(const node_id& node);
  const remote* find(const node_id& node) const;
  mux* streams(const node_id& node);
  /// With a peer's nodes, also those that are being made.
  std::vector<node_id> of(const peer_id& peer) const { return index_.of(peer); }
  std::vector<node_id> by_link(link_id link) const { return index_.by(link); }
  std::vector<node_id> nodes() const;

 private:
  struct entry {
    std::unique_ptr<core::remote> remote;
    path_choice choice;
    std::optional<std::vector<std::uint16_t>> last_labels;  ///< of the path, also while there is none
    std::optional<peer_id> peer;                            ///< it is found by
    timer_queue<node_id>::place timer;
    bool touched = false;
  };
  using table = std::unordered_map<node_id, entry, node_id::hash>;

  const node_config& config_;
  const instance_id& instance_;
  const node_id& self_;
  sctp::stack& stack_;
  random_source& random_;
  credit_budget& budget_;
  half_open half_;  ///< begun by others, not proved
  table all_;
  session_index index_;
  std::set<node_id> ticking_;  ///< their associations have timers that run
  timer_queue<node_id> timers_;
  timer_queue<node_id> retries_;
  std::unordered_map<node_id, timer_queue<node_id>::place, node_id::hash> postponed_;
  std::set<peer_id> pinging_;  ///< most_pinging: wait until they are reached
  std::deque<node_id> touched_, ready_, path_changed_, path_wanted_;
  std::deque<own_flow> ended_flows_;
  std::deque<event> events_;

  entry& add(const node_id& node);
  bool begin_half_open(instant now, const node_id& source, const path& back, const wire::crypto& message);
  void set_path(instant now, const node_id& node, entry& its, std::optional<path> next);
  void touch(const node_id& node, entry& its);
  void collect(instant now, const node_id& node, entry& its);
  void rearm(const node_id& node, entry& its);
  void index(const node_id& node, entry& its);
  void end_flow(entry& its);
  void leave_link(const node_id& node, const entry& its);
  void erase(table::iterator at);
};

}  // namespace gof::core
