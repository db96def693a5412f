#pragma once

#include "base/id.hpp"
#include "base/problem.hpp"
#include "base/random.hpp"
#include "base/take_first.hpp"
#include "base/timer_queue.hpp"
#include "link/link.hpp"
#include "node/dial_plan.hpp"
#include "node/event.hpp"
#include "wire/ticket.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gof::core {

/// The peers that this node is to reach: the issuers of its tickets, peers to keep a session with, and the
/// members at given addresses. Decides what to dial and when, and how a dialler introduces itself. The owner
/// limits the number.
class dial_list {
 public:
  using number = std::uint64_t;
  static constexpr duration missing_time = 5s;  ///< a peer that is not in the mesh is reported again

  explicit dial_list(random_source& random) : random_(random) {}

  // ---- peers to reach
  /// The mesh of the tickets in use, if it is not this ticket's.
  std::optional<mesh_id> other_mesh(const wire::ticket& ticket) const;
  /// False: the ticket is in use already.
  bool add_ticket(instant now, const wire::ticket& ticket);
  /// The nodes that its links lead to, which may not be needed any more, and the attempts to give up. Empty:
  /// the ticket was not in use.
  struct dropped {
    std::set<node_id> standing;
    std::vector<link_id> trying;
  };
  std::optional<dropped> drop_ticket(const wire::ticket& ticket);
  /// False: nothing changed.
  bool add_peer(const peer_id& peer);
  bool drop_peer(const peer_id& peer);
  void add_bootstrap(instant now, const std::vector<wire::address>& at);
  void clear();

  // ---- dials
  struct dial {
    number whose;
    wire::address to;
  };
  std::optional<dial> poll_dial(instant now);
  void handle_started(number whose, link_id link);
  void handle_failed(instant now, number whose, link_id link, wire::reason why, const std::string& detail);
  /// The link leads to this node. Returns the node that its address led to before, if that is another, and
  /// the attempts that are not needed any more.
  struct reached {
    std::optional<node_id> former;
    std::vector<link_id> surplus;
  };
  reached handle_up(instant now, number whose, link_id link, const node_id& node);
  /// The last link to this node has ended.
  void handle_lost(instant now, const node_id& node);
  /// Addresses of other members that this node sent.
  void handle_learned(instant now, const node_id& node, const std::vector<wire::address>& places);

  // ---- peers that are not reached
  /// Whether a peer that is to be reached has a session, or one is being made. poll_event() reports a peer
  /// that has none for long.
  void note_reached(instant now, const peer_id& peer, bool there);
  /// True: look for the missing peers again.
  bool handle_timeout(instant now);
  std::optional<event> poll_event() { return take_first(events_); }
  std::optional<instant> poll_timeout() const;

  // ---- queries
  /// Each peer once.
  std::vector<peer_id> wanted() const;
  bool is_wanted(const peer_id& peer) const;
  bool has(number whose) const { return plans_.contains(whose); }
  /// The ticket that an attempt introduces itself with; empty: it does so as a member.
  const std::optional<wire::ticket>& ticket_of(number whose) const { return plans_.at(whose).plan.ticket(); }
  /// A ticket of this issuer, if possible for this service.
  const wire::ticket* ticket_for(const peer_id& issuer, const std::string& service) const;
  std::vector<const wire::ticket*> tickets() const;
  /// Whether an address leads to this node.
  bool leads_to(const node_id& node) const;
  bool stands_at(const node_id& node) const;

 private:
  struct entry {
    dial_plan plan;
    timer_queue<number>::place timer{};
  };
  /// Why a peer is to be reached, and when its absence is reported.
  struct target {
    bool kept = false;
    std::size_t tickets = 0;
    timer_queue<peer_id>::place missed{};
  };

  random_source& random_;
  std::map<number, entry> plans_;
  std::map<grant_id, wire::ticket> tickets_;
  std::map<peer_id, target> targets_;
  timer_queue<number> timers_;
  timer_queue<peer_id> missed_;
  std::deque<event> events_;
  number next_ = 1;

  void add(instant now, const std::vector<wire::address>& at, std::optional<wire::ticket> ticket);
  void rearm(number whose, entry& its);
  void drop_target(const peer_id& peer);
};

}  // namespace gof::core
