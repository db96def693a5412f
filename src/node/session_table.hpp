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

/// The sessions with other nodes: which are up or being made, the path of each, and the flow of its data.
/// Finds them by node and by peer, and visits only those to which something happens.
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

  /// All arguments must outlive this object.
  session_table(const node_config& how, const instance_id& instance, const node_id& self, sctp::stack& stack,
                random_source& random, credit_budget& budget);

  // ---- begin and end
  /// Begins a session as its client, over the best of these paths.
  void start(instant now, const node_id& node, const peer_id& peer, const session_credentials& with,
             std::vector<path> candidates);
  /// Whether one may be begun: there is none, and the last attempt was long enough ago.
  bool may_start(const node_id& node) const { return !all_.contains(node) && !postponed_.contains(node); }
  /// Informs the other side, once the packets of poll_control() are written. `over` follows.
  void close(const node_id& node, wire::reason why);
  /// No other session is begun with this node for a while.
  void postpone(instant now, const node_id& node);
  /// Removes the session and its flow.
  void forget(const node_id& node);
  void clear();

  // ---- inputs
  void handle_packet(instant now, const link::received& packet, const path& back);
  void handle_crypto(instant now, const link::received& packet, const path& back);
  void handle_link_down(link_id link);
  /// True: a postponed session may be begun.
  bool handle_timeout(instant now);
  /// SCTP's timers ran.
  void handle_tick();

  // ---- commands
  void set_path(instant now, const node_id& node, std::optional<path> next);
  /// Only a session's client chooses the path; its server follows.
  void choose_path(instant now, const node_id& node, std::vector<path> candidates);
  /// The path failed. True: choose another one.
  bool suspect_path(instant now, const node_id& node, bool broken);
  void probe(instant now, const node_id& node);
  /// Measures a round trip. False: the session is not up yet.
  bool ask(instant now, const peer_id& peer);
  void keep(const node_id& node, bool wanted);
  /// Its streams were changed, and it is to be settled.
  void touch(const node_id& node);
  void settle(instant now);
  /// Settles only its streams, at once; for a command to them, which changes nothing else.
  void settle_streams(instant now, const node_id& node);
  /// Packets of it were written, so its timers may have changed.
  void handle_written(const node_id& node);

  // ---- outputs
  std::optional<event> poll_event() { return take_first(events_); }
  /// A session that may have packets to send on its path.
  std::optional<node_id> poll_ready() { return take_first(ready_); }
  /// Its path is new.
  std::optional<node_id> poll_path_changed() { return take_first(path_changed_); }
  /// It has no path, and may retry a failed one.
  std::optional<node_id> poll_path_wanted() { return take_first(path_wanted_); }
  std::optional<own_flow> poll_ended_flow() { return take_first(ended_flows_); }
  std::optional<instant> poll_timeout() const;

  // ---- queries
  remote* find(const node_id& node);
  const remote* find(const node_id& node) const;
  /// Whether it goes by this path and has no doubt about it, so that choose_path() could only keep it.
  bool keeps(const node_id& node, const std::optional<path>& best) const;
  mux* streams(const node_id& node);
  /// Sessions with a peer's nodes, including those being made.
  std::vector<node_id> of(const peer_id& peer) const { return index_.of(peer); }
  std::vector<node_id> by_link(link_id link) const { return index_.by(link); }
  std::vector<node_id> nodes() const;

 private:
  struct entry {
    std::unique_ptr<core::remote> remote;
    path_choice choice;
    std::optional<std::vector<std::uint16_t>> last_labels;  ///< of the last path, even while there is none
    std::optional<peer_id> peer;                            ///< that it is indexed under
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
  half_open half_;  ///< begun by others, and not proved
  table all_;
  session_index index_;
  std::set<node_id> ticking_;  ///< their associations have running timers
  timer_queue<node_id> timers_;
  timer_queue<node_id> retries_;
  std::unordered_map<node_id, timer_queue<node_id>::place, node_id::hash> postponed_;
  std::set<peer_id> pinging_;  ///< at most most_pinging: pings that wait for a session
  std::deque<node_id> touched_, ready_, path_changed_, path_wanted_;
  std::deque<own_flow> ended_flows_;
  fifo<event> events_;

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
