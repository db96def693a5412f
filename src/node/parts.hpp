#pragma once

#include "link/link.hpp"
#include "mesh/mesh.hpp"
#include "node/admission.hpp"
#include "node/contact.hpp"
#include "node/flow_table.hpp"
#include "node/half_open.hpp"
#include "node/node.hpp"
#include "node/remote.hpp"
#include "node/shown_tickets.hpp"
#include "node/turn_share.hpp"

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>

namespace gof::core {

/// What a node is made of: the tables, and the ways between them.
struct node::parts {
  using contact_number = std::uint64_t;

  /// NEIGHBOURS: what the guest on a link was told, or what we were as one.
  struct told_places {
    std::vector<wire::address> told;  ///< as many as a frame holds
    std::optional<instant> last;
    std::optional<instant> due;  ///< to be looked at again
  };
  struct link_entry {
    std::optional<core::link> link;         ///< empty while the shell dials
    std::string source;                     ///< of an accepted socket
    std::string address;                    ///< of a dialled one, for people
    std::optional<contact_number> contact;  ///< dialled for it
    bool admitted = false;
    std::optional<link::up> up;
    bool told = false;        ///< link_up was
    bool gone = false;        ///< over; waits for its last bytes to be taken
    bool unheard = false;     ///< given up before its HELLO was read
    std::uint16_t label = 0;  ///< ours for it, in routes
    bool labelled = false;    ///< the other side told its own
    std::size_t turn = 0;     ///< which of those that send by it comes first
    turn_share passing;       ///< of all flows that pass through, one for each
    std::uint16_t their_label = 0;
    shown_tickets tickets;  ///< by a guest to us, or by us as one
    told_places places;
    std::optional<instant> expelled_at;  ///< a guest's whose tickets are all withdrawn
    /// PATH-ERRORs given in this second.
    std::int64_t error_second = 0;
    unsigned errors = 0;

    bool stands() const { return up && !gone; }
    /// The other side came with a ticket.
    bool is_guests() const { return up && !contact && up->role == wire::link_role::guest; }
    /// We came with a ticket.
    bool is_as_guest() const { return up && contact && up->role == wire::link_role::guest; }
  };
  /// When to tell that a peer which is to be reached is not in the mesh; empty: it is.
  using missing = std::optional<instant>;
  /// A ticket in use: its issuer is kept reached.
  struct ticket_entry {
    wire::ticket ticket;
    missing missed_at;
  };
  /// A way that did not carry; tried again only then, or for want of others.
  struct suspect {
    path way;
    instant until;
    bool broken = false;  ///< a relay said so; else its probes were not answered
  };
  struct own_flow {
    link_id link;
    wire::flow id;
    instant used;
  };
  struct remote_entry {
    std::unique_ptr<core::remote> remote;
    std::unordered_map<mux::number, stream_id> ids;
    std::vector<suspect> suspects;                          ///< most_suspects
    std::optional<std::vector<std::uint16_t>> last_labels;  ///< of the way, also while there is none
    std::optional<own_flow> flow;
    turn_share share;
  };
  struct stream_entry {
    peer_id peer;
    std::string service;
    bool ours = false;
    bool probe = false;
    bool answered = false;
    bool holds_taken = false;
    // What was asked before there was a session to do it in.
    bool finish_wanted = false;
    std::optional<std::pair<wire::reason, std::uint64_t>> reset_wanted;
    std::optional<node_id> at;  ///< empty: waits for a session
    mux::number number = 0;
    std::optional<instant> deadline;
    grant_id grant;
    mux::grant_mac mac{};
    wire::open_options options;  ///< until there is a session to open it in
  };

  parts(node_config how, sctp::stack& on, random_source& source);

  node_config config;
  sctp::stack& stack;
  random_source& random;
  instance_id instance;
  node_id self;
  credit_budget budget;
  admission door;
  half_open half;  ///< of remotes: begun by others, not proved
  std::map<link_id, link_entry> links;
  std::map<contact_number, contact> contacts;
  std::map<grant_id, ticket_entry> tickets;
  std::map<peer_id, missing> kept_peers;  ///< reached without a ticket
  std::set<grant_id> withdrawn;           ///< our own, as many as a profile names
  std::set<link_id> spare;                ///< made for a ticket that was dropped
  std::optional<instant> spare_due;       ///< they are looked at again; empty: there are none
  std::map<node_id, instant> session_retry;
  std::set<peer_id> pinging;  ///< most_pinging: wait until they are reached
  core::mesh gossip;
  flow_table flows;
  std::unordered_map<node_id, remote_entry, node_id::hash> remotes;
  std::unordered_map<stream_id, stream_entry> streams;
  std::set<stream_id> pending;
  std::multimap<instant, stream_id> deadlines;
  std::deque<event> events;
  std::set<stream_id>
      never_told;  ///< their openings were overtaken by their ends, which still stand in events
  std::uint64_t next_link = 1;
  std::uint64_t next_stream = 1;
  contact_number next_contact = 1;
  bool stopped = false;
  bool places_changed = false;  ///< what guests are told is to be made anew
  bool more_output = false;     ///< for a link that was perhaps asked already

  static constexpr duration answer_grace = 500ms;  ///< the other side's own time limit is to speak first
  static constexpr duration session_retry_time = 1s;
  static constexpr std::size_t most_suspects = 8;
  static constexpr std::size_t most_pinging = 1024;
  static constexpr duration suspect_time = 5s;  ///< of a way whose probes were not answered
  static constexpr duration broken_time = 1s;   ///< of a way that a relay said is broken
  static constexpr duration flow_idle_time = 30s;
  static constexpr duration missing_time = 5s;  ///< a peer that is not in the mesh is told of again
  /// Between two looks at links that only wait for their connections' end: nobody waits for it.
  static constexpr duration spare_interval = 1s;
  static constexpr duration places_interval = 10s;  ///< between two NEIGHBOURS
  /// An issuer's guest with a withdrawn ticket: to ask for a service and be told so, and then to hear it.
  static constexpr duration expulsion_time = 5s;
  static constexpr duration refusal_time = 1s;
  static constexpr unsigned most_path_errors = 100;  ///< a second and link
  /// Payload of RELAY-DATA: a tag, SCTP's header and that of a DATA chunk. What is smaller would cost a relay
  /// more than the credit that it takes.
  static constexpr std::size_t least_data = secure::tag_size + 12 + 16;

  // links (links.cpp)
  void dial_due(instant now);
  void drain_link(instant now, link_id id);
  void handle_up(instant now, link_id id, const link::up& up);
  void handle_down(instant now, link_id id, const link::down& down);
  void dial_failed(instant now, link_id id, wire::reason why, const std::string& detail);
  void close_link(instant now, link_id id, wire::reason why, const std::string& detail = "closed here");
  void drop_duplicates(instant now, link_id newcomer);
  std::optional<link_id> link_to(const node_id& node) const;
  void fill(instant now, link_id id, link& into);
  void transmit_controls(instant now, remote& from, link& into);
  bool transmit_data(instant now, remote_entry& from, link_id id, link& into);
  bool transmit_passing(instant now, link_id id, link& into);
  void write_packet(instant now, remote& from, const remote::packet& p, const path& way,
                    std::uint16_t generation, link& into);

  // what goes between neighbours (relaying.cpp)
  void handle_notice(instant now, link_id from, const link::notice& what);
  void handle_label(instant now, link_id from, const_bytes body);
  void relay(instant now, link_id from, link::received& packet);
  bool may_send(const link_entry& from, const wire::packet& head) const;
  void refuse(instant now, link_id from, const link::received& packet, wire::reason why);
  void answer_with_error(instant now, link_id from, const link::received& packet, wire::reason why);
  void handle_path_error(instant now, const link::received& packet);
  std::optional<link_id> link_labelled(std::uint16_t label) const;
  bool handle_lost_flow(instant now, const wire::flow& lost);
  void flush(instant now);

  // guests, and as one (guests.cpp)
  bool is_withdrawn(const peer_id& issuer, const grant_id& grant) const;
  bool is_own_withdrawn(const peer_id& issuer, const grant_id& grant) const;
  void withdraw_own(instant now);
  void handle_own_refusal(instant now, const stream_entry& s);
  void expel_without_tickets(instant now, link_entry& entry, duration in);
  void expel_due(instant now);
  void handle_grant(instant now, link_id from, const_bytes body);
  void handle_profile(instant now, const peer_id& peer);
  void tell_mesh(instant now, link_id id);
  void show_tickets(link_id id);
  void learn_places(instant now, link_id from);
  void handle_neighbours(instant now, link_id from, const_bytes body);
  std::vector<wire::address> places_of_members() const;
  void tell_places(instant now);

  // ways (ways.cpp)
  std::vector<path> ways_to(const node_id& node) const;
  std::optional<path> choose_way(instant now, const node_id& node, remote_entry& entry) const;
  void reroute(instant now, const node_id& node);
  void reroute_all(instant now);
  void suspect_way(instant now, const node_id& node, bool broken);
  void set_way(instant now, remote_entry& entry, std::optional<path> way);
  std::vector<hop> hops_of(const remote& to) const;
  std::vector<hop> hops_of(const path& way) const;
  std::optional<duration> round_trip(const node_id& from, const node_id& to) const;
  void end_flow(remote_entry& entry);
  void tend_ways(instant now);
  std::vector<node_id> nodes_of(const peer_id& peer, const std::string& service) const;

  // who is to be reached (reaching.cpp)
  bool keep_session(instant now, const peer_id& peer);
  void keep_reached(instant now, const peer_id& peer, missing& missed_at);
  void start_sessions(instant now);
  bool is_wanted(const peer_id& peer) const;
  void let_go(instant now, const peer_id& peer);
  void drop_contact(instant now, contact_number number);
  bool needs(link_id id, std::vector<node_id>& idle) const;
  void tend_spare_links(instant now);

  // sessions (sessions.cpp)
  void handle_packet(instant now, link_id from, link::received& packet);
  void handle_crypto(instant now, const path& back, const link::received& packet);
  bool begin_half_open(instant now, const node_id& source, const path& back, const wire::crypto& message);
  std::optional<session_credentials> credentials_for(const node_id& source,
                                                     const wire::crypto& message) const;
  remote_entry& add_remote(const node_id& id);
  void start_session(instant now, const node_id& node, const peer_id& peer);
  bool is_member_of(const mesh_id& mesh) const;
  void ping(instant now, const peer_id& to);
  void settle(instant now, const node_id& id);
  void settle_all(instant now);
  void handle(instant now, const node_id& id, remote::event& e);
  void give_up(const node_id& id);
  void end_session(instant now, const node_id& id, const session::over& why);
  void leave_session(instant now, const node_id& id);

  // streams (streams.cpp)
  stream_id ask(instant now, const peer_id& to, const std::string& service, bool probe,
                wire::open_options options);
  void assign_pending(instant now);
  bool assign(instant now, stream_id id, stream_entry& s);
  const wire::ticket* ticket_for(const peer_id& peer, const std::string& service) const;
  remote_entry* session_for(instant now, const peer_id& peer, const std::string& service);
  void handle_stream(instant now, const node_id& id, const mux::event& e);
  void lose_streams(remote_entry& at, wire::reason why);
  bool outlived(const event& e);
  void expire(instant now);
  void answered(stream_id id, stream_entry& s);
  void forget(stream_id id);
  stream_entry* find(stream_id id);
  mux* streams_at(const stream_entry& s);
  void settle_streams(instant now, const stream_entry& s);
};

}  // namespace gof::core
