#pragma once

#include "base/take_first.hpp"
#include "base/timer_queue.hpp"
#include "mesh/mesh.hpp"
#include "node/link_table.hpp"
#include "node/shown_tickets.hpp"
#include "wire/grant_frame.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace gof::core {

/// The guests that are linked with us: which tickets each has shown, which profiles it may see, to which
/// nodes it may send, which addresses of members it was sent, and when it has to leave after its tickets were
/// withdrawn.
class guest_list {
 public:
  static constexpr duration places_interval = 10s;  ///< between two NEIGHBOURS to a guest
  /// A guest with a withdrawn ticket at its issuer gets time to request a service, then to read the refusal.
  static constexpr duration expulsion_time = 5s;
  static constexpr duration refusal_time = 1s;

  explicit guest_list(const peer_id& self) : self_(self) {}

  // ---- links
  /// False: another peer issued its ticket, and has withdrawn it.
  bool handle_up(instant now, link_id link, const link::up& up, const mesh& gossip);
  void handle_down(link_id link);
  /// The guest now counts for routes, and is to be sent the addresses of members.
  void handle_labelled(instant now, link_id link);
  /// Handles GRANT. False: the guest broke the protocol.
  bool handle_grant(const core::link& at, link_id link, const wire::grant_frame& shown, const mesh& gossip);

  // ---- what changed
  /// The grants that we have withdrawn ourselves, as many as a profile names.
  void withdraw(instant now, std::set<grant_id> grants);
  /// A stream was refused because its ticket was withdrawn, so the guest knows.
  void handle_refusal(instant now, link_id link, const grant_id& grant);
  /// This peer's profile has changed.
  void handle_profile(const peer_id& peer, const mesh& gossip);
  /// The addresses of members that are linked with us.
  void handle_places(instant now, std::vector<wire::address> places);
  void handle_timeout(instant now);
  /// The guest may stay a while longer.
  void postpone(instant now, link_id link);

  // ---- outputs
  struct message {
    link_id link;
    bytes body;  ///< of NEIGHBOURS
  };
  std::optional<message> poll_message() { return take_first(messages_); }
  /// A guest showed more tickets, or has fewer: who may see what has changed.
  std::optional<link_id> poll_changed() { return take_first(changed_); }
  /// The guest holds no ticket any more that lets it in; for poll_expelled() its time is over, too.
  std::optional<link_id> poll_withdrawn() { return take_first(gone_); }
  std::optional<link_id> poll_expelled() { return take_first(expelled_); }
  std::optional<instant> poll_timeout() const;

  // ---- queries
  /// Whether another peer withdrew its grant. Our own guests are let in first, and refused end to end.
  bool is_withdrawn(const peer_id& issuer, const grant_id& grant, const mesh& gossip) const;
  std::vector<peer_id> issuers(link_id link) const;
  /// A guest may send only to nodes of its tickets' issuers.
  bool may_send(link_id link, const node_id& destination, const mesh& gossip) const;
  std::size_t size() const { return guests_.size(); }

 private:
  struct guest {
    shown_tickets tickets;
    bool labelled = false;
    std::vector<wire::address> told;  ///< as many as fit into a frame
    std::optional<instant> told_at;
    timer_queue<link_id>::place tell;   ///< when it is sent them again
    timer_queue<link_id>::place leave;  ///< when it has to leave
  };

  peer_id self_;
  std::set<grant_id> withdrawn_;
  std::map<link_id, guest> guests_;
  std::map<peer_id, std::set<link_id>> by_issuer_;  ///< at most shown_tickets::most for each guest
  std::vector<wire::address> places_;
  timer_queue<link_id> telling_;
  timer_queue<link_id> leaving_;
  std::deque<message> messages_;
  std::set<link_id> changed_, gone_, expelled_;

  bool is_own_withdrawn(const peer_id& issuer, const grant_id& grant) const;
  void show(link_id link, guest& its, const peer_id& issuer, const grant_id& grant, bool withdrawn);
  void expel_without_tickets(instant now, link_id link, guest& its, duration in);
  void plan_telling(instant now, link_id link, guest& its);
};

}  // namespace gof::core
