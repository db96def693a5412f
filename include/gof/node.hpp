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

struct node_options {
  gof::identity identity = gof::identity::generate();
  /// The mesh's shared secret: who has it is a member and may issue tickets. Empty: a guest, reached by
  /// nobody.
  std::optional<std::array<std::uint8_t, 32>> network_key;
  /// What this peer calls itself to others, for people: letters, digits, '.', '_' and '-', no '-' first, no
  /// "gof1" first, 63 at most. A name that breaks this is told to nobody: others show the beginning of the
  /// id.
  std::string name;
  std::chrono::milliseconds survive{
      60'000};  ///< how long streams outlive their path; the smaller of both ends counts
  std::chrono::milliseconds connect_timeout{10'000};
};

/// What a member tells its mesh of itself.
struct profile {
  std::vector<std::string> services;   ///< names; at most 64
  std::vector<std::string> addresses;  ///< HOST:PORT, where others dial it; at most 4
  /// Names of the peer's grants that count no more, the newest 32: members let in no guest with one of them.
  std::vector<std::array<std::uint8_t, 16>> withdrawn{};
};

/// A relay on the way to a peer.
struct relay {
  gof::peer peer;
  std::string node;  ///< hexadecimal; empty where only the number of relays is known
  std::string name;  ///< what it calls itself; shown, never trusted; often not known
  std::optional<std::chrono::nanoseconds> round_trip{};  ///< of the link that leads to it, as its ends tell
};

/// What happens, for logs and ready lines; the kinds that concern a peer carry who it is.
struct node_event {
  enum class kind {
    link_up,
    link_down,
    stranger,  ///< somebody without a key knocked on a listening port
    /// None of a ticket's addresses gave a link, or an address to join by did not (then without a peer), or
    /// the mesh is `reached` and the peer is not in it; `error` says why if somebody did answer.
    unreachable,
    session_up,    ///< the peer is reached, end to end
    path_lost,     ///< `time`: what is left until its streams are reset
    path_resumed,  ///< `time`: how long the stall was
    path_changed,  ///< `through`: the relays on the new one; its streams go on
    session_over,
  };
  kind what{};
  gof::peer peer;
  std::string node;    ///< the node id, hexadecimal; empty where there is none
  std::string name;    ///< what the peer calls itself; shown, never trusted
  std::string detail;  ///< addresses, the system's words
  boost::system::error_code error;
  std::chrono::nanoseconds time{};
  bool dialled = false;  ///< of links: by this node
  bool guest = false;    ///< of link_up: the other side came with a ticket
  bool reached = false;  ///< of unreachable: the mesh is, and the peer is not in it now
  std::vector<relay> through;
};

struct node_snapshot {
  struct link {
    gof::peer peer;
    std::string node;
    bool up = false;
    bool guest = false;
    bool dialled = false;
    std::optional<std::chrono::nanoseconds> round_trip;
    std::string address;  ///< the other end's
  };
  struct session {
    gof::peer peer;
    std::string node;
    std::string name;
    bool up = false;
    bool has_path = false;  ///< probes are answered
    std::optional<std::chrono::nanoseconds> round_trip;
    std::size_t streams = 0;
    std::vector<relay> through;                           ///< relays on the way; none: direct
    std::optional<std::chrono::nanoseconds> last_link{};  ///< the round trip from the last relay
    /// Some of what was written is not known to have arrived, or a stream stands: close() would take it
    /// along.
    bool under_way = false;
  };
  std::vector<link> links;
  std::vector<session> sessions;
  std::size_t streams = 0;
  std::size_t held_bytes = 0;
};

/// Another node, by what it tells the mesh of itself.
struct known_node {
  gof::peer peer;
  std::string node;  ///< hexadecimal
  std::string name;
  std::vector<std::string> services;
  bool relays = false;
  bool reachable = false;
  std::vector<relay> through;  ///< on the best way; none: a link leads there
};

namespace detail {
class node_service;
}

/// One node of a mesh, running on an io_context. Objects (nodes, acceptors, streams) are not thread safe and
/// are used from the one thread that runs the context. All nodes of a process share one io_context (SCTP's
/// stack is global): the constructor throws system_error(errc::another_loop) for a second. Destruction closes
/// what is left as close() does; pending operations complete with operation_aborted.
class node {
 public:
  using executor_type = boost::asio::any_io_executor;

  node(boost::asio::io_context& io, const node_options& options);
  ~node();
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  executor_type get_executor() const;
  peer id() const;
  std::string node_id() const;  ///< hexadecimal; another one at each start

  /// Accepts mesh links there (port 0: any free one; `[::]`: IPv6 alone). Gives where it listens in fact; on
  /// error nothing changed. not_allowed: a node without a network key lets nobody in.
  boost::asio::ip::tcp::endpoint listen(const boost::asio::ip::tcp::endpoint& at,
                                        boost::system::error_code& error);

  /// Reaches the ticket's issuer from now on and whenever the link is lost; the ticket opens its services for
  /// streams and probes of this node. Once is enough: the same ticket again changes nothing. Error:
  /// bad_ticket (another mesh than that of a ticket in use).
  void use(const ticket& t, boost::system::error_code& error);

  /// Ends what use() began for this very ticket. Streams that stand go on, and a link that was made for the
  /// ticket alone stays until the last one that goes by it has ended. Nothing happens for a ticket that is
  /// not in use.
  void drop(const ticket& t);

  /// Keeps a session with this peer of the mesh from now on and whenever it is lost, by the links that there
  /// are; without a ticket, so that the peer decides for whom it has services. While the mesh is reached and
  /// the peer is not in it, that is told as `unreachable`. Error: not_allowed for a node without a network
  /// key.
  void reach(const peer& who, boost::system::error_code& error);

  /// Ends what reach() began. Streams that stand go on. Nothing happens for a peer that is not to be reached,
  /// and nothing to tickets of this peer.
  void drop(const peer& who);

  /// A ticket of this node for these services, reached at these addresses (HOST:PORT, at most 4). The caller
  /// keeps the grant and decides with incoming::proves() whether it still counts. Error: not_allowed for a
  /// node without a network key, bad_ticket for names or addresses that no ticket takes.
  std::optional<ticket> issue(const grant& granted, const std::vector<ticket::service>& services,
                              const std::vector<std::string>& addresses,
                              boost::system::error_code& error) const;

  /// Keeps a link to the member of the mesh that answers at one of these addresses (HOST:PORT). Errors:
  /// not_allowed for a node without a network key, invalid_argument (nothing is dialled) for an address that
  /// is none.
  void join(const std::vector<std::string>& addresses, boost::system::error_code& error);

  /// What the mesh is told of this node from now on, in the place of what it was told before. Errors:
  /// not_allowed for a node without a network key, invalid_argument for names, addresses or numbers of them
  /// that cannot be told.
  void publish(const profile& what, boost::system::error_code& error);

  /// What makes others members of this node's mesh, dialled at these addresses (HOST:PORT, at most 4).
  /// Errors: as issue().
  std::optional<join_ticket> issue_join(const std::vector<std::string>& addresses,
                                        boost::system::error_code& error) const;

  /// Asks the peer whether it would accept a stream to this service now (it dials its target for it).
  /// Completes with (error, the peer's words on a refusal), at the latest after the connect timeout while the
  /// peer is not reached. At most 1,024 at once. Cancellation: the slot, close().
  template <class CompletionToken>
  auto async_probe(const endpoint& to, CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(boost::system::error_code, std::string)>(
        [this](auto handler, const endpoint& where) {
          start_probe(where, detail::make_operation<boost::system::error_code, std::string>(
                                 std::move(handler), loop()));
        },
        token, to);
  }

  /// Wants one round trip to the peer, which is reached for it if need be. Completes with (error, the time it
  /// took, the answering node in hexadecimal), or never while nothing answers: set a time and cancel. At most
  /// 1,024 at once (busy). Cancellation: the slot, close().
  template <class CompletionToken>
  auto async_ping(const peer& to, CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(boost::system::error_code,
                                                             std::chrono::nanoseconds, std::string)>(
        [this](auto handler, const peer& whom) {
          start_ping(whom,
                     detail::make_operation<boost::system::error_code, std::chrono::nanoseconds, std::string>(
                         std::move(handler), loop()));
        },
        token, to);
  }

  /// The next event since the last one taken; events wait in a queue of 1,024, the oldest are dropped.
  /// One operation at a time. Cancellation: the slot, close().
  template <class CompletionToken>
  auto async_event(CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(boost::system::error_code, node_event)>(
        [this](auto handler) {
          start_event(
              detail::make_operation<boost::system::error_code, node_event>(std::move(handler), loop()));
        },
        token);
  }

  node_snapshot snapshot() const;

  /// The other nodes of the mesh, by node id.
  std::vector<known_node> known() const;

  /// Resets every stream, tells every peer, closes listeners and links; pending operations complete with
  /// operation_aborted. Completes nothing itself; goodbyes are written for at most a second.
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
