#pragma once

#include "base/id.hpp"
#include "base/take_first.hpp"
#include "base/time.hpp"
#include "base/timer_queue.hpp"
#include "mux/mux.hpp"
#include "node/event.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace gof::core {

/// The streams that whoever runs the node has an id of: whose each is, and where it stands, in the session
/// with which node and under which number there. One that is asked for before there is a session waits here
/// for it. Queues the events of streams; with the event that ends a stream its id is gone.
class stream_table {
 public:
  /// A session's other side answers within its own time limit; it is to speak first.
  static constexpr duration answer_grace = 500ms;

  struct place {
    node_id node;
    mux::number number = 0;
  };
  struct stream {
    peer_id peer;
    bool ours = false;  ///< we asked for it
    bool probe = false;
    bool answered = false;
    grant_id grant;  ///< named by its asker, with a proof
    mux::grant_mac mac{};
    std::optional<place> at;  ///< none: it waits for a session
  };
  /// What was asked for before there was a session to do it in.
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
  const request& request_of(stream_id waiting) const { return entries_.at(waiting).wanted; }
  /// It stands there from now on.
  void handle_assigned(stream_id waiting, const place& at);

  // ---- from a session
  void handle_incoming(const peer_id& from, const node_id& node, const wire::stream_open& asked,
                       bool same_host);
  void handle(const node_id& node, const mux::event& e);
  /// All that stand there are over.
  void handle_lost(const node_id& node, wire::reason why);

  // ---- from its owner
  void handle_answered(stream_id id);
  /// Only of one that waits.
  void want_taken_held(stream_id id) { entries_.at(id).wanted.holds_taken = true; }
  void want_finish(stream_id id) { entries_.at(id).wanted.finish = true; }
  void want_reset(stream_id id, wire::reason why, std::uint64_t more) {
    entries_.at(id).wanted.reset.emplace(why, more);
  }
  void forget(stream_id id);
  /// Those that wait are refused.
  void shut_down();

  /// Gives up what nobody answered in time. The places of those that are to be aborted there.
  std::vector<place> handle_timeout(instant now);
  std::optional<instant> poll_timeout() const { return deadlines_.next(); }
  /// Null: unknown, or over.
  const stream* find(stream_id id) const;
  /// Whether the node has a stream that is more than a question.
  bool serves(const node_id& node) const;
  std::size_t waiting() const { return waiting_count_; }

  std::optional<event> poll_event() { return take_first(events_); }
  /// Whether an event's stream ended while the event was queued. An opening that nobody heard of must not be
  /// judged, for the stream's proof is gone with it; then its end is nobody's business either.
  bool outlived(const event& e);

 private:
  struct entry {
    stream is;
    request wanted;
    timer_queue<stream_id>::place deadline;
    bool in_grace = false;
  };
  // As many as the sessions carry, and what waits, for connect_timeout at most.
  std::unordered_map<stream_id, entry> entries_;
  std::map<peer_id, std::set<stream_id>> waiting_;
  std::size_t waiting_count_ = 0;
  std::unordered_map<node_id, std::unordered_map<mux::number, stream_id>, node_id::hash> at_;
  timer_queue<stream_id> deadlines_;
  std::deque<event> events_;
  std::unordered_set<stream_id> never_told_;  ///< openings overtaken by their ends, which are still queued
  std::uint64_t next_ = 1;

  void stop_waiting(stream_id id, const entry& of);
};

}  // namespace gof::core
