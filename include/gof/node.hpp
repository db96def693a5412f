#pragma once

#include <gof/endpoint.hpp>
#include <gof/error.hpp>
#include <gof/identity.hpp>
#include <gof/join_ticket.hpp>
#include <gof/operation.hpp>
#include <gof/ticket.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gof {

/// The settings of a node.
struct node_options {
  gof::identity identity = gof::identity::generate();  ///< the key of the peer that it is a node of
  /// The mesh's shared secret. A node that has it is a member: it can listen and issue tickets. A node
  /// without it is a guest of the meshes that its tickets name, and no other node can connect to it.
  std::optional<std::array<std::uint8_t, 32>> network_key;
  /// What this peer calls itself, for people: letters, digits, '.', '_' and '-', at most 63, not beginning
  /// with '-' or "gof1". Any other name is not sent; other nodes then show the beginning of the peer's id.
  std::string name;
  /// How long streams survive without a path to their peer. The smaller value of the two ends applies.
  std::chrono::milliseconds survive{60'000};
  /// How long a connect or a probe waits for its peer, and how long one attempt to connect a link may take.
  std::chrono::milliseconds connect_timeout{10'000};
};

/// What a member publishes about itself in its mesh.
///
/// @see node::publish(); gof-protocol(7), RECORDS, The profile record.
struct profile {
  std::vector<std::string> services;   ///< names; at most 64
  std::vector<std::string> addresses;  ///< HOST:PORT at which other nodes can reach it; at most 4
  /// grant::id of the newest grants that this peer has withdrawn, at most 32. Other members then admit no
  /// guest that comes with a ticket of one of them.
  std::vector<std::array<std::uint8_t, 16>> withdrawn{};
};

/// A relay on the path to a peer.
struct relay {
  gof::peer peer;    ///< all zero if only the number of relays is known
  std::string node;  ///< its node id, hexadecimal; empty if only the number of relays is known
  std::string name;  ///< what it calls itself, often not known; for people, never to be trusted
  std::optional<std::chrono::nanoseconds> round_trip{};  ///< of the link to it, as its ends report
};

/// Something that happened to the links, sessions or paths of a node; for logs, and to wait for.
struct node_event {
  /// What happened.
  enum class kind {
    /// Connected to another node: `peer`, `node`, `detail` (its address), `dialled`, `guest`.
    link_up,
    /// A link was lost: `peer`, `node`, `error`, `detail` (its address, and why), `dialled`, `guest`.
    link_down,
    /// A client without a valid key connected to a listening port: `detail` (its address).
    stranger,
    /// No address of a ticket, or of node::join() (then without `peer`), led to a link; or, with `reached`,
    /// the mesh is reached but the peer is not in it. `error`: why a node that answered refused the link, or
    /// errc::no_path. `detail`: addresses, the system's messages. `time`: until the next attempt.
    unreachable,
    /// A peer was reached end to end: `peer`, `node`, `name`, `time` (the round trip).
    session_up,
    /// The path to a peer was lost: `peer`, `node`, `time` (until its streams are reset).
    path_lost,
    /// The peer is reachable again: `peer`, `node`, `time` (how long it was not).
    path_resumed,
    /// Packets to a peer take another path now; its streams continue: `peer`, `node`, `through`.
    path_changed,
    /// The session has ended, and its streams are reset: `peer`, `node`, `error`.
    session_over,
  };
  kind what{};                      ///< decides which of the members below are set
  gof::peer peer;                   ///< the peer that the event is about
  std::string node;                 ///< that peer's node id, hexadecimal
  std::string name;                 ///< what the peer calls itself; for people, never to be trusted
  std::string detail;               ///< for people
  boost::system::error_code error;  ///< why it happened
  std::chrono::nanoseconds time{};  ///< see `kind`
  bool dialled = false;             ///< of a link: this node dialled it
  bool guest = false;               ///< of a link: the other side presented a service ticket
  bool reached = false;             ///< of unreachable: connected to the mesh, but the peer is not in it
  std::vector<relay> through;       ///< the relays on the new path; empty: a direct link
};

/// The state of a node at one moment. See node::snapshot().
struct node_snapshot {
  /// A link that is up; those that are still being dialled or opened are not listed.
  struct link {
    gof::peer peer;                                      ///< the peer at the other end
    std::string node;                                    ///< the other node's id, hexadecimal
    bool guest = false;                                  ///< the other side presented a service ticket
    bool dialled = false;                                ///< this node dialled it
    std::optional<std::chrono::nanoseconds> round_trip;  ///< smoothed; empty before the first measurement
    std::string address;                                 ///< of the other end
  };
  /// A session with another node, even while it is being re-established.
  struct session {
    gof::peer peer;         ///< the peer at the other end
    std::string node;       ///< the other node's id, hexadecimal
    std::string name;       ///< what the peer calls itself; for people, never to be trusted
    bool up = false;        ///< streams can be opened
    bool has_path = false;  ///< the other node answers probes
    /// End to end, smoothed; empty before the first measurement.
    std::optional<std::chrono::nanoseconds> round_trip;
    std::size_t streams = 0;                              ///< also closed ones that still deliver
    std::vector<relay> through;                           ///< the relays on the path; empty: a direct link
    std::optional<std::chrono::nanoseconds> last_link{};  ///< round trip between the last relay and the peer
    /// A stream exists, or some of what was written is not known to have arrived: node::close() would cut it
    /// off.
    bool under_way = false;
  };
  std::vector<link> links;        ///< in the order in which they were made
  std::vector<session> sessions;  ///< in no particular order
  std::size_t streams = 0;        ///< of all sessions, and those that still wait for one
  /// Data held in memory for all streams, and for the traffic that this node relays.
  std::size_t held_bytes = 0;
};

/// Another node, as it describes itself to the mesh. See node::known().
struct known_node {
  gof::peer peer;                     ///< whose node it is; this peer signed the description
  std::string node;                   ///< hexadecimal
  std::string name;                   ///< what the peer calls itself; for people, never to be trusted
  std::vector<std::string> services;  ///< profile::services
  bool relays = false;                ///< it forwards packets for other nodes
  bool reachable = false;             ///< the mesh offers a route to it
  std::vector<relay> through;         ///< the relays on the best route; empty: a direct link
  std::optional<std::chrono::nanoseconds> round_trip{};  ///< of the session with it, or else of a link to it
};

namespace detail {
class node_service;
}

/// One node of a mesh, on an io_context. It keeps links to other nodes, and sessions with the peers that its
/// streams lead to.
///
/// All nodes of a process share one io_context, since SCTP's stack is global: while a node exists, a node on
/// another io_context is refused. Only one thread may run the io_context.
///
/// @par Lifetime
/// The destructor calls close(). Streams, acceptors and requests of the node may outlive it, and are over by
/// then. The io_context must outlive all of them.
///
/// @par Operations
/// As with stream: handlers are called later, and their associated executor, allocator and cancellation slot
/// are used; any cancellation type but `none` ends the operation with
/// `boost::asio::error::operation_aborted`.
///
/// @par Thread safety
/// None. All functions must be called on the one thread that runs the io_context, or while no thread runs it.
///
/// @see gof-protocol(7), LINKS, ROUTES, SESSIONS.
///
/// @par Example
/// @code
/// #include <functional>
/// #include <iostream>
///
/// /// Connects to the peer of a ticket, and prints what happens.
/// void follow(gof::node& node, const gof::ticket& ticket) {
///   boost::system::error_code error;
///   node.use(ticket, error);
///   if (error) throw boost::system::system_error(error);
///   node.async_event([&node, ticket](boost::system::error_code failed, const gof::node_event& event) {
///     if (failed) return;  // the node was closed
///     if (event.what == gof::node_event::kind::session_up) std::cout << "reached " << event.name << '\n';
///     if (event.what == gof::node_event::kind::path_lost) std::cout << "waiting for a path\n";
///     follow(node, ticket);  // to use a ticket twice changes nothing
///   });
/// }
/// @endcode
class node {
 public:
  /// The type of get_executor().
  using executor_type = boost::asio::any_io_executor;

  /// A node without links. It does nothing until listen(), join(), reach() or use() is called.
  ///
  /// @param io Runs the node; must outlive it.
  /// @param options Copied.
  /// @throws boost::system::system_error errc::another_loop: the process has a node on another io_context, or
  /// has closed one there and its last messages are not written yet.
  node(boost::asio::io_context& io, const node_options& options);
  /// Calls close().
  ~node();
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  /// The executor of the io_context.
  executor_type get_executor() const;
  /// The peer that this is a node of.
  peer id() const;
  /// The id of this node, hexadecimal. It differs at each start. gof-protocol(7), PEERS AND NODES.
  std::string node_id() const;

  /// Accepts links at an address until close(), in addition to the addresses of earlier calls.
  ///
  /// @param at Port 0: any free port. `[::]` accepts IPv6 only.
  /// @param error errc::not_allowed: the node is a guest. errc::shut_down: it is closed. Otherwise an error
  /// of the system, such as `address_in_use`. On error nothing has changed.
  /// @returns The address that it listens on, with its actual port.
  boost::asio::ip::tcp::endpoint listen(const boost::asio::ip::tcp::endpoint& at,
                                        boost::system::error_code& error);

  /// From now on keeps a link to the ticket's mesh and a session with its issuer, and re-establishes either
  /// when it is lost. The ticket opens its services to the connects and probes of this node. A second call
  /// for the same ticket changes nothing.
  ///
  /// @param t The ticket. Its addresses are tried in turn; the mesh reports more.
  /// @param error errc::bad_ticket: the ticket is of a different mesh than one in use. errc::shut_down: the
  /// node is closed.
  void use(const ticket& t, boost::system::error_code& error);

  /// Ends what use() began for this ticket. Open streams continue, and a link that only this ticket needed
  /// stays up until the last stream over it has ended. Does nothing if the ticket is not in use.
  void drop(const ticket& t);

  /// From now on keeps a session with a peer of the mesh over the links that exist, and re-establishes it
  /// when it is lost. No ticket is presented: the peer decides which of its services this one may use. While
  /// the node is connected to the mesh and the peer is not in it, node_event::kind::unreachable reports that.
  ///
  /// @param who The peer.
  /// @param error errc::not_allowed: the node is a guest. errc::shut_down: it is closed.
  void reach(const peer& who, boost::system::error_code& error);

  /// Ends what reach() began. Open streams continue, and tickets of the peer stay in use. Does nothing if
  /// reach() was not called for the peer.
  void drop(const peer& who);

  /// Makes a ticket for services of this node. The node does not remember it: the caller keeps the grant, and
  /// checks with incoming::proves() whether a peer holds it.
  ///
  /// @param granted What the ticket grants. Tickets that share a grant are withdrawn together.
  /// @param services At most 64.
  /// @param addresses HOST:PORT at which this node or other members of its mesh can be reached; at most 4.
  /// @param error errc::not_allowed: the node is a guest. errc::bad_ticket: a name or address is invalid, or
  /// there are too many.
  /// @returns Empty on error.
  std::optional<ticket> issue(const grant& granted, const std::vector<ticket::service>& services,
                              const std::vector<std::string>& addresses,
                              boost::system::error_code& error) const;

  /// From now on keeps a link to a member of the mesh that answers at one of these addresses; if there are
  /// several addresses, to two members. Each call adds to the earlier ones.
  ///
  /// @param addresses HOST:PORT.
  /// @param error errc::not_allowed: the node is a guest. errc::shut_down: it is closed. `invalid_argument`:
  /// an address is malformed; then none is dialled.
  void join(const std::vector<std::string>& addresses, boost::system::error_code& error);

  /// Publishes a profile of this node in the mesh; it replaces the one before.
  ///
  /// @param what The whole profile.
  /// @param error errc::not_allowed: the node is a guest. errc::shut_down: it is closed. `invalid_argument`:
  /// a name or address is invalid, or there are too many; then nothing has changed.
  void publish(const profile& what, boost::system::error_code& error);

  /// Makes a join ticket for this node's mesh.
  ///
  /// @param addresses HOST:PORT at which this node or other members can be reached; at most 4.
  /// @param error As issue().
  /// @returns Empty on error.
  std::optional<join_ticket> issue_join(const std::vector<std::string>& addresses,
                                        boost::system::error_code& error) const;

  /// Asks a peer whether it would accept a stream to a service now. The program at the other side usually
  /// tries the service's target before it answers.
  ///
  /// @param to The peer and the name of its service. Copied.
  /// @param token Called with the peer's explanation if it refused, as stream::refusal() has it.
  ///
  /// @par Completion signature
  /// `void(boost::system::error_code, std::string)`
  ///
  /// @par Errors
  /// None if the peer would accept. Otherwise as stream::async_connect(), except already_connected.
  /// errc::busy also if 1,024 probes of this node are pending.
  ///
  /// @par Cancellation
  /// The peer is notified that its answer is no longer needed.
  template <class CompletionToken>
  auto async_probe(const endpoint& to, CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(boost::system::error_code, std::string)>(
        detail::initiation(*this,
                           [this](auto handler, const endpoint& where) {
                             start_probe(where,
                                         detail::make_operation<boost::system::error_code, std::string>(
                                             std::move(handler), completions()));
                           }),
        token, to);
  }

  /// Measures one round trip to a peer, and connects to it first if necessary.
  ///
  /// There is no time limit: the operation stays pending until an answer comes. Several pings of one peer may
  /// share an answer.
  ///
  /// @param to The peer.
  /// @param token Called with the round trip, and with the id of the node that answered, in hexadecimal.
  ///
  /// @par Completion signature
  /// `void(boost::system::error_code, std::chrono::nanoseconds, std::string)`
  ///
  /// @par Errors
  /// errc::shut_down: the node is closed. errc::busy: 1,024 pings of this node are pending.
  ///
  /// @par Cancellation
  /// A later answer is dropped.
  template <class CompletionToken>
  auto async_ping(const peer& to, CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(boost::system::error_code,
                                                             std::chrono::nanoseconds, std::string)>(
        detail::initiation(
            *this,
            [this](auto handler, const peer& whom) {
              start_ping(
                  whom,
                  detail::make_operation<boost::system::error_code, std::chrono::nanoseconds, std::string>(
                      std::move(handler), completions()));
            }),
        token, to);
  }

  /// Takes the oldest event that was not taken yet, or waits for the next. Up to 1,024 events wait in a
  /// queue; beyond that the oldest is dropped.
  ///
  /// @param token Called with the event.
  ///
  /// @par Completion signature
  /// `void(boost::system::error_code, gof::node_event)`
  ///
  /// @par Errors
  /// errc::shut_down: the node is closed. `in_progress`: an async_event() is already pending.
  ///
  /// @par Cancellation
  /// No event is lost: the next async_event() takes it.
  template <class CompletionToken>
  auto async_event(CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(boost::system::error_code, node_event)>(
        detail::initiation(*this,
                           [this](auto handler) {
                             start_event(detail::make_operation<boost::system::error_code, node_event>(
                                 std::move(handler), completions()));
                           }),
        token);
  }

  /// The links, sessions and streams that the node has now. Empty once it is closed.
  ///
  /// @par Cost
  /// One step for each link, session, relay on a session's path, open stream and relayed flow, and a copy of
  /// the names. Meant for display, not for every packet.
  node_snapshot snapshot() const;

  /// The other nodes of the mesh, in the order of their ids. Empty once the node is closed.
  ///
  /// @par Cost
  /// A copy of each node's description and of the route to it: some microseconds a node.
  std::vector<known_node> known() const;

  /// A part of known(): a long list can be read in slices, with other work of the io_context in between.
  /// Nodes that come or go meanwhile may or may not be in it.
  ///
  /// @param after known_node::node of the last one in the previous slice, which may be gone since. Empty: the
  /// slice is the first. No node comes after any other text.
  /// @param most The most nodes to return. Fewer are returned at the end of the list.
  std::vector<known_node> known(const std::string& after, std::size_t most) const;

  /// Ends everything at once. Every stream is reset, every peer notified, and all listeners and links are
  /// closed. Pending operations of the node and of its streams, acceptors and requests complete with
  /// operation_aborted. A second call does nothing.
  ///
  /// The notices are sent while this function runs. What the sockets do not take immediately is written for
  /// at most another second, while the io_context runs. To let streams deliver what was written, close them
  /// first and wait until no session of snapshot() is `under_way`.
  void close();

 private:
  friend class acceptor;
  friend class stream;
  detail::completion_queue& completions() const;
  void start_probe(const endpoint& to, detail::operation_ptr<boost::system::error_code, std::string> done);
  void start_ping(
      const peer& to,
      detail::operation_ptr<boost::system::error_code, std::chrono::nanoseconds, std::string> done);
  void start_event(detail::operation_ptr<boost::system::error_code, node_event> done);
  std::shared_ptr<detail::node_service> service_;
};

}  // namespace gof
