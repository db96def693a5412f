#pragma once

#include "base/id.hpp"
#include "base/take_first.hpp"
#include "base/time.hpp"
#include "base/timer_queue.hpp"
#include "mux/mux.hpp"
#include "node/event.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace gof::core {

/// The streams for which the node's owner has an id: whose each is, and its place: the node of its session,
/// and its number there. One that is opened before there is a session waits here. Queues the events of
/// streams; the event that ends a stream also removes its id.
class stream_table {
 public:
  /// A session's other side answers within its own time limit, and should do so before we give up.
  static constexpr duration answer_grace = 500ms;

  struct place {
    node_id node;
    mux::number number = 0;
  };
  struct stream {
    peer_id peer;
    bool ours = false;  ///< we opened it
    bool probe = false;
    bool answered = false;
    grant_id grant;  ///< named by its opener, with a proof
    mux::grant_mac mac{};
    std::optional<place> at;  ///< empty: it waits for a session
  };
  /// What was opened before there was a session for it.
  struct request {
    std::string service;
    wire::open_options options;
    bool holds_taken = false;
    bool finish = false;
    std::optional<std::pair<wire::reason, std::uint64_t>> reset;
  };

  // ---- of ours
  stream_id ask(const peer_id& to, bool probe, request what, instant deadline);
  /// Those that wait for a session with this peer, the oldest first.
  std::vector<stream_id> waiting_for(const peer_id& peer) const;
  /// Peers that streams wait for.
  std::vector<peer_id> wanted() const;
  const request& request_of(stream_id waiting) const { return *entries_.at(waiting).wanted; }
  /// From now on the stream has this place.
  void handle_assigned(stream_id waiting, const place& at);

  // ---- from a session
  void handle_incoming(const peer_id& from, const node_id& node, const wire::stream_open& asked,
                       bool same_host);
  void handle(const node_id& node, const mux::event& e);
  /// All streams with a place there have ended.
  void handle_lost(const node_id& node, wire::reason why);

  // ---- from its owner
  void handle_answered(stream_id id);
  /// Only for a stream that waits.
  void want_taken_held(stream_id id) { entries_.at(id).wanted->holds_taken = true; }
  void want_finish(stream_id id) { entries_.at(id).wanted->finish = true; }
  void want_reset(stream_id id, wire::reason why, std::uint64_t more) {
    entries_.at(id).wanted->reset.emplace(why, more);
  }
  void forget(stream_id id);
  /// Refuses those that wait.
  void shut_down();

  /// Gives up what was not answered in time. Returns the places of those that must be aborted there.
  std::vector<place> handle_timeout(instant now);
  std::optional<instant> poll_timeout() const { return deadlines_.next(); }
  /// Null: unknown, or over.
  const stream* find(stream_id id) const;
  /// Whether the node has a stream that is not just a probe.
  bool serves(const node_id& node) const;
  std::size_t waiting() const { return waiting_count_; }

  std::optional<event> poll_event() { return take_first(events_); }
  /// Whether an event's stream ended while the event was queued. An opening that was not reported must not be
  /// decided on, as the stream's proof is gone; then its end need not be reported either.
  bool outlived(const event& e);

 private:
  struct entry {
    stream is;
    std::unique_ptr<request> wanted;  ///< while it waits
    timer_queue<stream_id>::place deadline;
    bool in_grace = false;
  };
  // As many as the sessions carry, and those that wait, for connect_timeout at most.
  std::unordered_map<stream_id, entry> entries_;
  std::map<peer_id, std::set<stream_id>> waiting_;
  std::size_t waiting_count_ = 0;
  std::unordered_map<node_id, std::unordered_map<mux::number, stream_id>, node_id::hash> at_;
  timer_queue<stream_id> deadlines_;
  fifo<event> events_;
  std::unordered_set<stream_id> never_told_;  ///< their ends, still queued, came before they were reported
  std::uint64_t next_ = 1;

  void stop_waiting(stream_id id, const entry& of);
};

}  // namespace gof::core
