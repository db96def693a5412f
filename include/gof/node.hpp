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

/// What a node is made with.
struct node_options {
  gof::identity identity = gof::identity::generate();  ///< the peer that it is a node of
  /// The mesh's shared secret. A node that has it is a member, listens, and issues tickets; one without is a
  /// guest of the meshes that its tickets name, and nobody reaches it.
  std::optional<std::array<std::uint8_t, 32>> network_key;
  /// What this peer calls itself to others, for people: letters, digits, '.', '_' and '-', no '-' first, not
  /// "gof1" first, at most 63. With any other name it tells none, and others show the beginning of its id.
  std::string name;
  /// How long streams live without a path to their peer. The smaller value of the two ends counts.
  std::chrono::milliseconds survive{60'000};
  /// How long a connect or a probe waits for its peer, and a link for its address.
  std::chrono::milliseconds connect_timeout{10'000};
};

/// What a member tells its mesh of itself.
///
/// @see node::publish(); gof-protocol(7), RECORDS, The profile record.
struct profile {
  std::vector<std::string> services;   ///< names; at most 64
  std::vector<std::string> addresses;  ///< HOST:PORT, where others dial it; at most 4
  /// grant::id of grants of this peer that no longer count, at most 32, the newest: other members let in no
  /// guest with a ticket of one of them.
  std::vector<std::array<std::uint8_t, 16>> withdrawn{};
};

/// A relay on the path to a peer.
struct relay {
  gof::peer peer;    ///< all zero where only the number of relays is known
  std::string node;  ///< its node id, hexadecimal; empty where only the number of relays is known
  std::string name;  ///< what it calls itself, often not known; for people, never to be trusted
  std::optional<std::chrono::nanoseconds> round_trip{};  ///< of the link that leads to it, as its ends tell
};

/// Something happened to a node: what its links, sessions and paths do, for logs and for waiting.
struct node_event {
  /// What happened.
  enum class kind {
    /// There is a link to another node: `peer`, `node`, `detail` (its address), `dialled`, `guest`.
    link_up,
    /// A link is gone: `peer`, `node`, `error`, `detail` (its address, and why), `dialled`, `guest`.
    link_down,
    /// Somebody without a key connected to a listening port: `detail` (the address).
    stranger,
    /// No address of a ticket, or of node::join() (then without `peer`), gave a link; or, with `reached`, the
    /// mesh is reached and the peer is not in it. `error` says why if somebody did answer, else it is
    /// errc::no_path; `detail` (addresses and the system's words); `time` until the next try.
    unreachable,
    /// A peer is reached, end to end: `peer`, `node`, `name`, `time` (the round trip).
    session_up,
    /// There is no path to a peer for now: `peer`, `node`, `time` (left until its streams are reset).
    path_lost,
    /// There is a path again: `peer`, `node`, `time` (how long there was none).
    path_resumed,
    /// Packets to a peer take another path, and its streams go on: `peer`, `node`, `through`.
    path_changed,
    /// The session is over, and its streams are reset: `peer`, `node`, `error`.
    session_over,
  };
  kind what{};                      ///< which of the following are set depends on it
  gof::peer peer;                   ///< whom it concerns
  std::string node;                 ///< that peer's node id, hexadecimal
  std::string name;                 ///< what the peer calls itself; for people, never to be trusted
  std::string detail;               ///< for people
  boost::system::error_code error;  ///< why
  std::chrono::nanoseconds time{};  ///< see `kind`
  bool dialled = false;             ///< of links: by this node
  bool guest = false;               ///< of links: the other side came with a ticket
  bool reached = false;             ///< of unreachable: the mesh is reached, and the peer is not in it
  std::vector<relay> through;       ///< the relays on the new path; none: a link leads to the peer
};

/// What a node has at one moment. See node::snapshot().
struct node_snapshot {
  /// A link that is up.
  struct link {
    gof::peer peer;                                      ///< at the other end
    std::string node;                                    ///< its node id, hexadecimal
    bool up = false;                                     ///< always true: others are not listed
    bool guest = false;                                  ///< the other end came with a ticket
    bool dialled = false;                                ///< by this node
    std::optional<std::chrono::nanoseconds> round_trip;  ///< smoothed; empty before the first
    std::string address;                                 ///< the other end's
  };
  /// A session with another node, also one that is being made again.
  struct session {
    gof::peer peer;         ///< at the other end
    std::string node;       ///< its node id, hexadecimal
    std::string name;       ///< what it calls itself; for people, never to be trusted
    bool up = false;        ///< streams can be opened
    bool has_path = false;  ///< probes are answered
    std::optional<std::chrono::nanoseconds> round_trip;   ///< end to end, smoothed; empty before the first
    std::size_t streams = 0;                              ///< of it, also closed ones that still deliver
    std::vector<relay> through;                           ///< relays on the path; none: a link leads there
    std::optional<std::chrono::nanoseconds> last_link{};  ///< round trip between the last relay and the peer
    /// Some of what was written is not known to have arrived, or there is a stream: node::close() would cut
    /// it off.
    bool under_way = false;
  };
  std::vector<link> links;        ///< in the order in which they were made
  std::vector<session> sessions;  ///< in no order
  std::size_t streams = 0;        ///< of all sessions, and those that wait for one
  std::size_t held_bytes = 0;     ///< of all streams and all passing traffic: what memory holds for later
};

/// Another node, by what it tells the mesh of itself. See node::known().
struct known_node {
  gof::peer peer;                     ///< whose node it is; it signed what it tells
  std::string node;                   ///< hexadecimal
  std::string name;                   ///< for people, never to be trusted
  std::vector<std::string> services;  ///< profile::services
  bool relays = false;                ///< it passes on what others send
  bool reachable = false;             ///< a route leads there
  std::vector<relay> through;         ///< relays on the best route; none: a link leads there
  std::optional<std::chrono::nanoseconds> round_trip{};  ///< of the session with it, else of a link to it
};

namespace detail {
class node_service;
}

/// One node of a mesh, on an io_context: it keeps links to other nodes, and sessions with the peers that its
/// streams lead to.
///
/// All nodes of a process run on one io_context, since SCTP's stack is global: while there is a node, another
/// io_context is refused. The io_context must be run by one thread alone.
///
/// @par Lifetime
/// The destructor is close(). Streams, acceptors and questions of the node may outlive it, and are then over.
/// The io_context must outlive all of them.
///
/// @par Operations
/// As with stream: handlers are posted, and their associated executor, allocator and cancellation slot are
/// used; any cancellation type but `none` ends the operation with `boost::asio::error::operation_aborted`.
///
/// @par Thread safety
/// None. All functions are called on the one thread that runs the io_context, or while no thread runs it.
///
/// @see gof-protocol(7), LINKS, ROUTES, SESSIONS.
///
/// @par Example
/// @code
/// #include <functional>
/// #include <iostream>
///
/// /// Reaches the peer of a ticket, and says what happens on the way there.
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

  /// A node without links. It does nothing until it is told to listen, join, reach or use a ticket.
  ///
  /// @param io Where it runs; must outlive the node.
  /// @param options Copied.
  /// @throws boost::system::system_error errc::another_loop: the process has a node on another io_context, or
  /// one there was closed and its goodbyes are not written yet.
  node(boost::asio::io_context& io, const node_options& options);
  /// As close().
  ~node();
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  /// That of the io_context.
  executor_type get_executor() const;
  /// The peer that this is a node of.
  peer id() const;
  /// Names this node, hexadecimal. Another one at each start. gof-protocol(7), PEERS AND NODES.
  std::string node_id() const;

  /// Accepts links at an address, beside those of earlier calls, until close().
  ///
  /// @param at Port 0: any free one. `[::]` is IPv6 alone.
  /// @param error errc::not_allowed: the node is a guest. errc::shut_down: it is closed. Otherwise the
  /// system's, such as `address_in_use`. On error nothing changed.
  /// @returns Where it listens in fact.
  boost::asio::ip::tcp::endpoint listen(const boost::asio::ip::tcp::endpoint& at,
                                        boost::system::error_code& error);

  /// From now on keeps a link to the mesh of a ticket and a session with its issuer, dialled again whenever
  /// it is lost. The ticket opens its services for the connects and probes of this node. Again, it changes
  /// nothing.
  ///
  /// @param t The ticket. Its addresses are tried in turn; others are learnt from the mesh.
  /// @param error errc::bad_ticket: of another mesh than a ticket in use. errc::shut_down: the node is
  /// closed.
  void use(const ticket& t, boost::system::error_code& error);

  /// Ends what use() began for this very ticket. Open streams go on, and a link that was made for the ticket
  /// alone stays until the last stream that uses it has ended. Nothing happens if it is not in use.
  void drop(const ticket& t);

  /// From now on keeps a session with a peer of the mesh, made again whenever it is lost, by the links that
  /// there are. Without a ticket: the peer decides which of its services this one may use. While the mesh is
  /// reached and the peer is not in it, node_event::kind::unreachable says so.
  ///
  /// @param who The peer.
  /// @param error errc::not_allowed: the node is a guest. errc::shut_down: it is closed.
  void reach(const peer& who, boost::system::error_code& error);

  /// Ends what reach() began. Open streams go on. Nothing happens to a peer that is not to be reached, and
  /// nothing to its tickets.
  void drop(const peer& who);

  /// Makes a ticket for services of this node. The node keeps nothing of it: the caller keeps the grant, and
  /// decides with incoming::proves() whether it still counts.
  ///
  /// @param granted What the ticket grants. Tickets with one grant are withdrawn together.
  /// @param services At most 64.
  /// @param addresses HOST:PORT, where this node or other members of its mesh are dialled; at most 4.
  /// @param error errc::not_allowed: the node is a guest. errc::bad_ticket: names, addresses or numbers of
  /// them that no ticket takes.
  /// @returns Empty on error.
  std::optional<ticket> issue(const grant& granted, const std::vector<ticket::service>& services,
                              const std::vector<std::string>& addresses,
                              boost::system::error_code& error) const;

  /// From now on keeps a link to the member of the mesh that answers at one of these addresses; to two
  /// members if there are several addresses. Each call adds to those before.
  ///
  /// @param addresses HOST:PORT.
  /// @param error errc::not_allowed: the node is a guest. errc::shut_down: it is closed. `invalid_argument`:
  /// one is not an address; then none is dialled.
  void join(const std::vector<std::string>& addresses, boost::system::error_code& error);

  /// Says what the mesh is told of this node from now on, in place of what it was told before.
  ///
  /// @param what The whole profile.
  /// @param error errc::not_allowed: the node is a guest. errc::shut_down: it is closed. `invalid_argument`:
  /// names, addresses or numbers of them that cannot be told; then nothing changed.
  void publish(const profile& what, boost::system::error_code& error);

  /// Makes a join ticket of this node's mesh.
  ///
  /// @param addresses HOST:PORT, where this node or other members are dialled; at most 4.
  /// @param error As issue().
  /// @returns Empty on error.
  std::optional<join_ticket> issue_join(const std::vector<std::string>& addresses,
                                        boost::system::error_code& error) const;

  /// Asks a peer whether it would accept a stream to a service now. Its program usually tries its target for
  /// that.
  ///
  /// @param to The peer and the name of its service. Copied.
  /// @param token Called with the peer's words on a refusal, as stream::refusal() has them.
  ///
  /// @par Completion signature
  /// `void(boost::system::error_code, std::string)`
  ///
  /// @par Errors
  /// None if it would; else as stream::async_connect(), but for already_connected. errc::busy also if 1,024
  /// probes of this node are pending.
  ///
  /// @par Cancellation
  /// The peer is told that nobody waits for its answer any more.
  template <class CompletionToken>
  auto async_probe(const endpoint& to, CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(boost::system::error_code, std::string)>(
        detail::initiation(*this,
                           [this](auto handler, const endpoint& where) {
                             start_probe(where,
                                         detail::make_operation<boost::system::error_code, std::string>(
                                             std::move(handler), loop()));
                           }),
        token, to);
  }

  /// Measures one round trip to a peer, which is reached for it if need be.
  ///
  /// There is no time limit: while nothing answers, the operation is pending. Pings of one peer may share an
  /// answer.
  ///
  /// @param to The peer.
  /// @param token Called with the time it took and the id of the node that answered, in hexadecimal.
  ///
  /// @par Completion signature
  /// `void(boost::system::error_code, std::chrono::nanoseconds, std::string)`
  ///
  /// @par Errors
  /// errc::shut_down: the node is closed. errc::busy: 1,024 pings of this node are pending.
  ///
  /// @par Cancellation
  /// An answer that comes later is dropped.
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
                      std::move(handler), loop()));
            }),
        token, to);
  }

  /// Takes the oldest event that was not taken yet, or the next one. They wait in a queue of 1,024; beyond
  /// that the oldest is dropped.
  ///
  /// @param token Called with the event.
  ///
  /// @par Completion signature
  /// `void(boost::system::error_code, gof::node_event)`
  ///
  /// @par Errors
  /// errc::shut_down: the node is closed. `in_progress`: another one is pending.
  ///
  /// @par Cancellation
  /// No event was taken.
  template <class CompletionToken>
  auto async_event(CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(boost::system::error_code, node_event)>(
        detail::initiation(*this,
                           [this](auto handler) {
                             start_event(detail::make_operation<boost::system::error_code, node_event>(
                                 std::move(handler), loop()));
                           }),
        token);
  }

  /// What the node has now: its links, sessions, streams. Empty once it is closed.
  ///
  /// @par Cost
  /// One step for each link, session, relay on a session's path, open stream and passing flow, and a copy of
  /// their names. Made for people who ask, not for each packet.
  node_snapshot snapshot() const;

  /// The other nodes of the mesh, by node id. Empty once the node is closed.
  ///
  /// @par Cost
  /// A copy of what each node tells, and of the route to it: some microseconds a node.
  std::vector<known_node> known() const;

  /// Some of known(): a long list is had in slices, with other work of the io_context in between. Nodes that
  /// come or go meanwhile are in it or not.
  ///
  /// @param after known_node::node of the last one of the slice before, which may be gone since. Empty: the
  /// slice is the first. Behind anything else there is nothing.
  /// @param most How many, at most. Fewer: there are no more.
  std::vector<known_node> known(const std::string& after, std::size_t most) const;

  /// Ends everything at once. Every stream is reset, every peer told, listeners and links are closed. Pending
  /// operations of the node, its streams, acceptors and questions complete with operation_aborted. Again, it
  /// does nothing.
  ///
  /// The other nodes are told while this function runs; what the sockets do not take at once is written for
  /// at most a second while the io_context runs. To let streams deliver what was written, close them first
  /// and wait until no session of snapshot() is `under_way`.
  void close();

 private:
  friend class acceptor;
  friend class stream;
  detail::loop_executor loop() const;
  void start_probe(const endpoint& to, detail::operation_ptr<boost::system::error_code, std::string> done);
  void start_ping(
      const peer& to,
      detail::operation_ptr<boost::system::error_code, std::chrono::nanoseconds, std::string> done);
  void start_event(detail::operation_ptr<boost::system::error_code, node_event> done);
  std::shared_ptr<detail::node_service> service_;
};

}  // namespace gof
