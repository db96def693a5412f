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

/// What a node knows of the others and tells them: records, and the routes that follow from them. It knows
/// links by their number only: frames come and go with it. Sans-I/O by the core contract. gof-protocol(7),
/// RECORDS.
class mesh {
 public:
  using profile = wire::record_profile;

  struct config {
    secure::identity self;
    instance_id instance;
    bool member = false;  ///< else a guest, which listens and publishes nothing
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
  /// Routes that were asked for may have changed, or there are some where there were none.
  struct routes_changed {};
  /// Profiles of the peer's nodes say something else than before.
  struct profile_changed {
    peer_id peer;
  };
  /// For the log: a neighbour passed on what an honest one had not. It may be new, or the record hard to
  /// judge: no reason to part from it.
  struct record_refused {
    link_id link{};
    record_verdict verdict{};
  };
  using event = std::variant<node_known, node_gone, routes_changed, profile_changed, record_refused>;

  static constexpr std::uint32_t verifications_in_a_second = 200;  ///< a link
  static constexpr duration settling = 100ms;                      ///< between two looks at who is reachable
  static constexpr std::size_t most_refusals = 64;                 ///< told, between two polls

  mesh(const config& how, random_source& random);

  const node_id& node() const { return own_; }

  /// A link stands. Again for a link that stands: its labels or the issuers are others now.
  void handle_link_up(instant now, const neighbour& other);
  void handle_round_trip(instant now, link_id link, duration round_trip);
  void handle_link_down(instant now, link_id link);
  /// HAVE, WANT and RECORD. False: the other side broke the protocol, the link is to be closed.
  [[nodiscard]] bool handle_frame(instant now, link_id link, wire::frame_type type, const_bytes body);
  /// Our own, within its limits; without effect at a guest.
  void set_profile(instant now, const profile& own);
  void handle_timeout(instant now);

  std::optional<instant> poll_timeout() const;
  /// By the time of the last input. For a link that takes data now, or for any.
  std::optional<outgoing> poll_transmit(instant now, link_id link) {
    return spreading_.poll_transmit(now, link);
  }
  std::optional<outgoing> poll_transmit(link_id link) { return spreading_.poll_transmit(now_, link); }
  std::optional<outgoing> poll_transmit() { return spreading_.poll_transmit(now_); }
  /// A link that there may be something for, once; poll_transmit() it, also when it takes more.
  std::optional<link_id> poll_waiting() { return spreading_.poll_waiting(); }
  std::optional<event> poll_event();

  /// Other nodes of a peer that have a route, the nearest first.
  std::vector<node_id> nodes_of(const peer_id& peer) const;
  /// Until the next input.
  const profile* profile_of(const node_id& node) const { return store_.profile_of(node); }
  std::optional<peer_id> peer_of(const node_id& node) const;
  /// Others that are known, by id, from the one behind `after` on: a list is made in slices while nodes come
  /// and go.
  std::vector<node_id> nodes(const std::optional<node_id>& after, std::size_t most) const;
  /// Of a link between two others, as they tell.
  std::optional<duration> round_trip(const node_id& from, const node_id& to) const;
  /// Whether the issuer itself says so, at one of its nodes: what anybody else withdraws does not count.
  bool is_withdrawn(const peer_id& issuer, const grant_id& grant) const;
  /// The best first, then a backup. Empty: no way, or none of at most topology::most_links links.
  std::vector<route> routes_to(const node_id& destination,
                               const std::set<node_id>& avoiding_first_hops = {}) const {
    return map().routes_to(destination, avoiding_first_hops);
  }
  /// The best, without a look for a backup.
  std::optional<route> route_to(const node_id& destination) const { return map().route_to(destination); }
  const record_store& records() const { return store_; }

 private:
  config config_;
  node_id own_;
  instant now_{};
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
  instant settled_{};
  bool routes_told_ = true;
  std::deque<event> events_;            ///< <= 2 a node and most_refusals
  std::size_t refusals_ = 0;            ///< among them
  std::set<peer_id> changed_profiles_;  ///< not told yet; <= the records there are
  /// Nodes whose profile names withdrawn grants; <= the records there are.
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
