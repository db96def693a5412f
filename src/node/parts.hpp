#pragma once

#include "link/link.hpp"
#include "node/admission.hpp"
#include "node/contact.hpp"
#include "node/node.hpp"
#include "node/remote.hpp"

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>

namespace gof::core {

/// What a node is made of: the tables, and the ways between them.
struct node::parts {
  struct link_entry {
    std::optional<core::link> link;   ///< empty while the shell dials
    std::string source;               ///< of an accepted socket
    std::string address;              ///< of a dialled one, for people
    std::optional<grant_id> contact;  ///< dialled for this ticket
    bool admitted = false;
    std::optional<link::up> up;
    bool gone = false;  ///< over; waits for its last bytes to be taken
  };
  struct remote_entry {
    std::unique_ptr<core::remote> remote;
    std::unordered_map<mux::number, stream_id> ids;
  };
  struct stream_entry {
    peer_id peer;
    std::string service;
    bool ours = false;
    bool probe = false;
    bool answered = false;
    bool finish_wanted = false;  ///< before there was a session to finish it in
    std::optional<node_id> at;   ///< empty: waits for a session
    mux::number number = 0;
    std::optional<instant> deadline;
    grant_id grant;
    mux::grant_mac mac{};
    secure::secret32 proof_key;
  };

  parts(node_config how, sctp::stack& on, random_source& source);

  node_config config;
  sctp::stack& stack;
  random_source& random;
  instance_id instance;
  node_id self;
  credit_budget budget;
  admission door;
  std::map<link_id, link_entry> links;
  std::map<grant_id, contact> contacts;
  std::map<grant_id, instant> session_retry;
  std::unordered_map<node_id, remote_entry, node_id::hash> remotes;
  std::unordered_map<stream_id, stream_entry> streams;
  std::set<stream_id> pending;
  std::multimap<instant, stream_id> deadlines;
  std::deque<event> events;
  std::set<stream_id>
      never_told;  ///< their openings were overtaken by their ends, which still stand in events
  std::uint64_t next_link = 1;
  std::uint64_t next_stream = 1;
  bool stopped = false;

  static constexpr duration answer_grace = 500ms;  ///< the other side's own time limit is to speak first
  static constexpr duration session_retry_time = 1s;
  static constexpr std::size_t most_half_open = 64;

  // links (links.cpp)
  void dial_due(instant now);
  void drain_link(instant now, link_id id);
  void handle_up(instant now, link_id id, const link::up& up);
  void handle_down(instant now, link_id id, const link::down& down);
  void dial_failed(instant now, link_id id, wire::reason why, const std::string& detail);
  void close_link(instant now, link_id id, wire::reason why);
  void drop_duplicates(instant now, link_id newcomer);
  std::optional<link_id> link_to(const node_id& node) const;
  std::size_t half_open() const;
  void fill(instant now, link_id id, link& into);
  void transmit_controls(instant now, remote& from, link& into);

  // sessions (sessions.cpp)
  void handle_packet(instant now, link_id from, link::received& packet);
  void handle_crypto(instant now, link_id from, const link::received& packet);
  std::optional<session_credentials> credentials_for(const node_id& source,
                                                     const wire::crypto& message) const;
  remote_entry& add_remote(const node_id& id);
  void start_session(instant now, const contact& with);
  void start_sessions(instant now);
  void settle(instant now, const node_id& id);
  void settle_all(instant now);
  void handle(instant now, const node_id& id, remote::event& e);
  void give_up(const node_id& id);
  void end_session(instant now, const node_id& id, const session::over& why);

  // streams (streams.cpp)
  stream_id ask(instant now, const peer_id& to, const std::string& service, bool probe);
  void assign_pending(instant now);
  bool assign(instant now, stream_id id, stream_entry& s);
  const contact* contact_for(const peer_id& peer, const std::string& service) const;
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
