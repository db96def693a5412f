#pragma once

#include "base/buffer.hpp"
#include "base/id.hpp"
#include "base/random.hpp"
#include "base/timer_queue.hpp"
#include "link/link.hpp"
#include "node/admission.hpp"
#include "node/link_event.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace gof::core {

/// The links of this node, beginning with their sockets: which are up, to which nodes, and under which
/// labels. Finds a link by node or label in constant time, and visits only links to which something happens.
class link_table {
 public:
  using dial_number = std::uint64_t;

  struct entry {
    std::optional<core::link> link;   ///< empty while its socket is connecting
    std::string address;              ///< of the other end, for people and for the limits
    std::optional<dial_number> dial;  ///< the dial it belongs to; empty: it was accepted
    std::optional<link::up> up;
    std::uint16_t label = 0;        ///< our label for it, in routes
    std::uint16_t their_label = 0;  ///< the other side's label for it
    bool labelled = false;          ///< the label was sent
    bool admitted = false;          ///< it has shown a key
    bool told = false;              ///< was reported as up
    bool gone = false;              ///< it has ended; its last bytes are still to be taken
    bool unheard = false;           ///< it was given up before its HELLO was read

    bool stands() const { return up && !gone; }
    bool counts() const { return stands() && labelled; }  ///< for routes
    /// The other side came with a ticket.
    bool is_guests() const { return up && !dial && up->role == wire::link_role::guest; }
    /// We came with a ticket.
    bool is_as_guest() const { return up && dial && up->role == wire::link_role::guest; }

   private:
    friend class link_table;
    timer_queue<link_id>::place timer;
    std::optional<duration> measured;
    bool ready = false;
    bool introduced = false;  ///< it is in the indices
  };

  using came_up = link_event::came_up;
  using went_down = link_event::went_down;
  using packet = link_event::packet;
  using notice = link_event::notice;
  using knocked = link_event::knocked;
  using measured = link_event::measured;
  using event = link_event::any;

  /// `self`, `key` and `random` must outlive this object.
  link_table(const secure::identity& self, const instance_id& instance, const node_id& node,
             const std::optional<secure::secret32>& key, random_source& random);

  // ---- inputs
  std::optional<link_id> accept(instant now, const std::string& source);
  link_id add_dial(dial_number whose, std::string address);
  void handle_connected(instant now, link_id id, const link_credentials& with);
  void handle_bytes(instant now, link_id id, mutable_bytes data);
  /// Ignored for an unknown link.
  void handle_closed(instant now, link_id id, const std::string& failure);
  /// Returns how much may wait for the link at each stage.
  std::size_t handle_path(link_id id, const output_limit::path& now);
  void handle_timeout(instant now);
  void forget(link_id id);

  // ---- commands
  /// What a guest claims to hold, before its handshake begins. Empty: no guest waits for a decision.
  std::optional<link::claim> claimed(link_id id);
  void refuse_with(link_id id, wire::reason why) { entries_.at(id).link->refuse_with(why); }
  /// Sends BYE. poll_event() reports the end.
  void close(link_id id, wire::reason why, const std::string& detail = "closed here");
  /// Sends the other side its label. From now on the link can be found.
  void introduce(link_id id);
  bool handle_label(link_id id, const_bytes body);
  void mark_told(link_id id) { entries_.at(id).told = true; }
  /// Only for a link that is up.
  void send(link_id id, wire::frame_type type, const_bytes body);
  mutable_bytes append_packet(instant now, link_id id, wire::frame_type type, const wire::packet& head,
                              std::size_t size);
  void append_packet(instant now, link_id id, wire::frame_type type, const wire::packet& head,
                     const_bytes payload);
  /// Checks this link, and each that may be part of another path, for a sign of life.
  void doubt(instant now, std::optional<link_id> path);
  void mark_ready(link_id id);

  // ---- outputs
  std::optional<event> poll_event(instant now);
  /// Whether poll_event() has nothing to return.
  bool is_quiet() const { return events_.empty() && heard_.empty(); }
  std::optional<link_id> poll_ready();
  buffer poll_transmit(link_id id);
  std::optional<instant> poll_timeout() const { return timers_.next(); }

  // ---- queries
  const entry* find(link_id id) const;
  const entry& at(link_id id) const { return entries_.at(id); }
  bool stands(link_id id) const;
  std::optional<link_id> to(const node_id& node) const;
  std::optional<link_id> labelled(std::uint16_t label) const;
  /// The link to close now that this newcomer is up, if any. Of two links between the same nodes the one
  /// dialled by the lower node id stays. If one node dialled both, it keeps the older, which is in use. The
  /// other side cannot know whether the older one is dead, so it keeps both until one ends, and never a
  /// third.
  std::optional<link_id> surplus(link_id newcomer) const;
  std::vector<node_id> nodes_of(const peer_id& peer) const;
  const std::map<link_id, entry>& all() const { return entries_; }
  std::size_t standing() const { return by_label_.size(); }

 private:
  const secure::identity& self_;
  instance_id instance_;
  node_id node_;
  const std::optional<secure::secret32>& key_;
  random_source& random_;
  admission door_;
  std::map<link_id, entry> entries_;
  // Only links that are up and were introduced.
  std::unordered_map<node_id, std::vector<link_id>, node_id::hash> by_node_;  ///< the oldest first
  std::unordered_map<std::uint16_t, link_id> by_label_;
  std::set<std::uint16_t> labels_;
  std::multimap<peer_id, link_id> by_peer_;
  timer_queue<link_id> timers_;
  std::deque<link_id> heard_;  ///< to be polled for events
  std::deque<event> events_;
  std::deque<link_id> ready_;
  std::uint64_t next_ = 1;

  std::optional<event> poll(instant now, link_id id);
  event end(link_id id, const link::down& how);
  void leave(link_id id, entry& its);
  void settle(link_id id, entry& its);
};

}  // namespace gof::core
