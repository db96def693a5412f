#pragma once

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "mesh/neighbour_table.hpp"
#include "mesh/presence.hpp"
#include "mesh/publisher.hpp"
#include "mesh/record_store.hpp"
#include "mesh/spreading.hpp"
#include "mesh/topology.hpp"

#include <deque>
#include <optional>
#include <set>
#include <variant>
#include <vector>

namespace gof::core {

/// What a node knows about the other nodes and publishes about itself: records, and the routes that follow
/// from them. It knows links only as numbers, and its frames name their link. Sans-I/O by the core contract.
/// gof-protocol(7), RECORDS.
class mesh {
 public:
  using profile = wire::record_profile;

  struct config {
    secure::identity self;
    instance_id instance;
    bool member = false;  ///< otherwise a guest, which receives records and publishes none
  };
  using neighbour = neighbour_table::neighbour;

  struct node_known {
    node_id node;
    peer_id peer;
  };
  struct node_gone {
    node_id node;
    peer_id peer;
  };
  /// Routes that were asked for may have changed, or there may be a route where there was none.
  struct routes_changed {};
  /// A node of the peer published a profile that differs from its last.
  struct profile_changed {
    peer_id peer;
  };
  /// For the log: a neighbour passed on a record that was not accepted. That happens to an honest neighbour
  /// as well, for example when our verification budget is used up; so its link stays up.
  struct record_refused {
    link_id link{};
    record_verdict verdict{};
  };
  using event = std::variant<node_known, node_gone, routes_changed, profile_changed, record_refused>;

  static constexpr std::uint32_t verifications_in_a_second = 200;  ///< for each link
  /// Checks of which nodes are reachable. That many may follow each other at once, and a node that joins
  /// needs few of them: so it waits for none.
  static constexpr std::uint32_t settlings_in_a_second = 10;
  static constexpr std::size_t most_refusals = 64;  ///< events that may wait to be polled

  mesh(const config& how, random_source& random);

  const node_id& node() const { return own_; }

  /// A link is up. Called again when its labels or issuers change.
  void handle_link_up(instant now, const neighbour& other);
  void handle_round_trip(instant now, link_id link, duration round_trip);
  void handle_link_down(instant now, link_id link);
  /// HAVE, WANT and RECORD. False: the other side broke the protocol, and the link must be closed.
  [[nodiscard]] bool handle_frame(instant now, link_id link, wire::frame_type type, const_bytes body);
  /// Sets our own profile, which must keep within the limits of the record. No effect for a guest.
  void set_profile(instant now, const profile& own);
  void handle_timeout(instant now);

  std::optional<instant> poll_timeout() const;
  /// A frame for a link that takes data now, or for any link.
  std::optional<outgoing> poll_transmit(instant now, link_id link) {
    return spreading_.poll_transmit(now, link);
  }
  std::optional<outgoing> poll_transmit(instant now) { return spreading_.poll_transmit(now); }
  /// A link with frames to send, reported once: poll_transmit() it, and again when it takes more.
  std::optional<link_id> poll_waiting() { return spreading_.poll_waiting(); }
  /// All that arrived since the last call counts as one change of the routes.
  std::optional<event> poll_event(instant now);

  /// Nodes of a peer to which there is a route, the nearest first. This node is not among them.
  std::vector<node_id> nodes_of(const peer_id& peer) const;
  /// Valid until the next input.
  const profile* profile_of(const node_id& node) const { return store_.profile_of(node); }
  std::optional<peer_id> peer_of(const node_id& node) const;
  /// The known nodes after `after` in the order of their ids: a list is made in slices while nodes come and
  /// go.
  std::vector<node_id> nodes(const std::optional<node_id>& after, std::size_t most) const;
  /// Of a link between two other nodes, as they report it.
  std::optional<duration> round_trip(const node_id& from, const node_id& to) const;
  /// Whether the issuer itself withdrew the grant, in a profile of one of its nodes. No other peer can.
  bool is_withdrawn(const peer_id& issuer, const grant_id& grant) const;
  /// The best route first, then a backup. Empty: no route, or none of at most topology::most_links links.
  std::vector<route> routes_to(const node_id& destination,
                               const std::set<node_id>& avoiding_first_hops = {}) const {
    return map().routes_to(destination, avoiding_first_hops);
  }
  /// The best route, without computing a backup.
  std::optional<route> route_to(const node_id& destination) const { return map().route_to(destination); }
  const record_store& records() const { return store_; }

 private:
  config config_;
  node_id own_;
  record_store store_;
  spreading spreading_;
  publisher links_;
  publisher profile_;
  std::optional<profile> own_profile_;
  wire::record_links published_;
  neighbour_table neighbours_{verifications_in_a_second};
  presence presence_;
  mutable topology map_;           ///< map() brings it up to date
  std::set<node_id> doubtful_;     ///< whose record came, changed or went since it settled; <= the records
  bool own_link_changed_ = false;  ///< since then
  bool unsettled_ = false;
  rate_limit settlings_ = rate_limit::evenly(settlings_in_a_second, 1s);
  bool routes_told_ = true;
  std::deque<event> events_;            ///< at most 2 for each node, and most_refusals
  std::size_t refusals_ = 0;            ///< record_refused events among them
  std::set<peer_id> changed_profiles_;  ///< to be reported; at most as many as records
  /// Peers and their nodes whose profile names withdrawn grants; at most as many as records.
  std::map<peer_id, std::set<node_id>> withdrawing_;

  bool handle_have(link_id link, const neighbour_table::entry& from, const_bytes body);
  bool handle_want(link_id link, const_bytes body);
  bool handle_record(instant now, link_id link, neighbour_table::entry& from, const_bytes body);
  wire::record_links describe_links() const;
  void note_link(instant now, const neighbour& other, bool changes_routes);
  void note_links(instant now);
  void note_profile(const node_id& node);
  void publish(instant now);
  void publish(instant now, publisher& by, bytes body);
  void note_record(const node_id& node);
  const topology& map() const;
  void settle(instant now);
  void tell(const presence::news& n);
};

}  // namespace gof::core
