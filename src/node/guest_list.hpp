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

/// The guests that are linked with us: which tickets each showed, whose profiles it may see and whom it may
/// speak to, what it was told of other members' addresses, and when it has to leave since its tickets were
/// withdrawn.
class guest_list {
 public:
  static constexpr duration places_interval = 10s;  ///< between two NEIGHBOURS to one guest
  /// An issuer's guest with a withdrawn ticket: to ask for a service and be told so, and then to hear it.
  static constexpr duration expulsion_time = 5s;
  static constexpr duration refusal_time = 1s;

  explicit guest_list(const peer_id& self) : self_(self) {}

  // ---- links
  /// False: its ticket was withdrawn by its issuer, who is not us.
  bool handle_up(instant now, link_id link, const link::up& up, const mesh& gossip);
  void handle_down(link_id link);
  /// It counts for routes now, and is to be told where other members are.
  void handle_labelled(instant now, link_id link);
  /// GRANT. False: the guest broke the protocol.
  bool handle_grant(const core::link& at, link_id link, const wire::grant_frame& shown, const mesh& gossip);

  // ---- what changed
  /// Our own withdrawn grants, as many as a profile names.
  void withdraw(instant now, std::set<grant_id> grants);
  /// A stream was refused since its ticket was withdrawn: nothing more is to be told.
  void handle_refusal(instant now, link_id link, const grant_id& grant);
  /// What this peer's profile says is other than before.
  void handle_profile(const peer_id& peer, const mesh& gossip);
  /// Where members are that are linked with us.
  void handle_places(instant now, std::vector<wire::address> places);
  void handle_timeout(instant now);
  /// It is not let go yet.
  void postpone(instant now, link_id link);

  // ---- outputs
  struct message {
    link_id link;
    bytes body;  ///< of NEIGHBOURS
  };
  std::optional<message> poll_message() { return take_first(messages_); }
  /// It showed more tickets, or holds fewer: who may be told what is other than before.
  std::optional<link_id> poll_changed() { return take_first(changed_); }
  /// It holds nothing more that lets it in: at once, or once its time is over.
  std::optional<link_id> poll_withdrawn() { return take_first(gone_); }
  std::optional<link_id> poll_expelled() { return take_first(expelled_); }
  std::optional<instant> poll_timeout() const;

  // ---- queries
  /// An issuer says end to end what it withdrew, to a guest that it lets come so far.
  bool is_withdrawn(const peer_id& issuer, const grant_id& grant, const mesh& gossip) const;
  std::vector<peer_id> issuers(link_id link) const;
  /// A guest speaks to nodes of its tickets' issuers alone.
  bool may_send(link_id link, const node_id& destination, const mesh& gossip) const;
  std::size_t size() const { return guests_.size(); }

 private:
  struct guest {
    shown_tickets tickets;
    bool labelled = false;
    std::vector<wire::address> told;  ///< as many as a frame holds
    std::optional<instant> told_at;
    timer_queue<link_id>::place tell;   ///< when it is told again
    timer_queue<link_id>::place leave;  ///< when it has to go
  };

  peer_id self_;
  std::set<grant_id> withdrawn_;
  std::map<link_id, guest> guests_;
  std::map<peer_id, std::set<link_id>> by_issuer_;  ///< shown_tickets::most a guest
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
