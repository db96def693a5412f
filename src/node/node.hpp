#pragma once

#include "base/buffer.hpp"
#include "base/id.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "link/output_limit.hpp"
#include "node/config.hpp"
#include "node/event.hpp"
#include "node/snapshot.hpp"
#include "sctp/stack.hpp"
#include "wire/ticket.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gof::core {

/// One node of the mesh: links, sessions, associations and streams put together. Sans-I/O by the core
/// contract.
class node {
 public:
  node(node_config config, sctp::stack& stack, random_source& random);
  ~node();
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  node_id id() const;
  peer_id peer() const;

  // ---- links: inputs
  /// Takes a socket accepted from `source` (an address without port, for the limits). Empty: full; close it.
  std::optional<link_id> accept_link(instant now, const std::string& source);
  void handle_connected(instant now, link_id link);
  void handle_dial_failed(instant now, link_id link, const std::string& detail);
  /// `data` is decrypted in place, so it is overwritten.
  void handle_bytes(instant now, link_id link, mutable_bytes data);
  /// The socket failed, with the system's message; empty: it ended in order. Unknown links are ignored.
  void handle_closed(instant now, link_id link, const std::string& failure);
  void handle_timeout(instant now);

  // ---- outputs
  /// Bytes to write to the link's socket, at most about 100 KiB; poll again once they are written. Empty:
  /// none for now.
  buffer poll_transmit(instant now, link_id link);
  std::optional<event> poll_event();
  /// A link that may have something to write, reported once: call poll_transmit() for it.
  std::optional<link_id> poll_ready();
  /// The socket takes more data: poll_transmit() was not polled to its end.
  void handle_writable(link_id link);
  /// The socket was full since it was last measured. Returns how much may wait in the system's buffer.
  std::size_t handle_link_path(link_id link, const output_limit::path& now);
  /// Includes the SCTP stack's deadline; handle_timeout() also advances the stack.
  std::optional<instant> poll_timeout() const;

  // ---- peers to reach
  /// Keeps a link to the ticket's issuer from now on, redials it when it dies (after 1, 2, 5 s), and probes
  /// the session meanwhile. A ticket that is in use changes nothing; one grant may have several, with
  /// different addresses. Error: the ticket is for another mesh than those in use.
  std::optional<problem> add_ticket(instant now, const wire::ticket& ticket);
  /// Reverses add_ticket(). A link that nothing else needs ends with the last stream that uses it.
  void drop_ticket(instant now, const wire::ticket& ticket);
  /// Keeps a session with a peer of the mesh, as with a ticket's issuer, over the present links. Only for a
  /// member.
  void add_peer(instant now, const peer_id& peer);
  /// Reverses add_peer(). The session remains as long as it has a path.
  void drop_peer(instant now, const peer_id& peer);
  /// Keeps a link to the member that answers at one of these addresses. Only for a member.
  void add_bootstrap(instant now, const std::vector<wire::address>& at);
  /// What this node's record says in addition to its links. Includes its newest withdrawn grants, whose
  /// guests other members no longer let in. Only a member's record is spread.
  void publish(instant now, std::vector<std::string> services, std::vector<wire::address> addresses,
               std::vector<grant_id> withdrawn = {});

  // ---- streams
  /// Never fails at once: stream_accepted or stream_refused is the answer. What is written before that
  /// follows OPEN. What `options` say about this host is sent only to a peer that has proved to run on it.
  stream_id open(instant now, const peer_id& to, const std::string& service, wire::open_options options = {});
  /// Asks whether `service` would be accepted. stream_probed or stream_refused is the answer.
  stream_id probe(instant now, const peer_id& to, const std::string& service,
                  wire::open_options options = {});
  /// Measures a round trip to the peer, which is reached for it if necessary. `pong` follows, or nothing.
  void ping(instant now, const peer_id& to);

  void accept(instant now, stream_id stream);
  void confirm(instant now, stream_id stream);
  void refuse(instant now, stream_id stream, wire::reason why, const std::string& text);

  /// Takes as much as may be held. If that is less than given, stream_writable follows once there is room.
  std::size_t write(instant now, stream_id stream, const_bytes data);
  /// Room for at most `size` bytes, to be written in place. Empty: none. commit() must be the next call.
  mutable_bytes prepare(stream_id stream, std::size_t size);
  void commit(stream_id stream, std::size_t size);
  /// No more will be written. The other side sees the end after all bytes.
  void finish(instant now, stream_id stream);
  /// Whether write() would take this much at once. If not, stream_writable follows once it may.
  bool await_room(stream_id stream, std::size_t size);
  /// Ends both directions. What was written is still delivered, and the other side sees the reset after it.
  /// With `more`, so many bytes are still to be written before that, for which the id stays valid until a
  /// second call. Otherwise the id is no longer in use, and no event follows.
  void reset(instant now, stream_id stream, wire::reason why = wire::reason::reset, std::uint64_t more = 0);
  /// The same at once, without what was not sent. The id is no longer in use, and no event follows.
  void abort(instant now, stream_id stream, wire::reason why = wire::reason::reset);
  /// From now on bytes count as taken only once taken() says so, not when they are consumed.
  void hold_taken(stream_id stream);
  /// The local end has this many of the received bytes, counted from the stream's beginning. The other side
  /// is informed after its end, or with our own.
  void taken(instant now, stream_id stream, std::uint64_t offset);
  struct read_result {
    std::size_t size = 0;
    bool at_end = false;
  };
  /// Copies received bytes to `into`, as many as there are, and consumes them.
  read_result read(instant now, stream_id stream, mutable_bytes into);
  /// The received bytes at the front; valid until the next call that takes `now`. Or several pieces of them.
  const_bytes readable(stream_id stream) const;
  std::size_t readable(stream_id stream, std::span<const_bytes> into) const;
  bool at_end(stream_id stream) const;  ///< everything was read, and the other side has finished
  /// Frees what was read, which lets the other side send more.
  void consume(instant now, stream_id stream, std::size_t size);

  /// Whether the stream's opener holds the token of the grant that it named.
  bool proves(stream_id stream, const secure::secret32& token) const;

  // ---- end
  /// Resets every stream, and informs every session and link. Poll once more, write, close.
  void shutdown(instant now);

  // ---- state
  std::vector<link_state> links() const;
  std::vector<session_state> sessions() const;
  /// The nodes after `after` in the order of their ids.
  std::vector<known_state> known(const std::optional<node_id>& after, std::size_t most) const;
  std::size_t streams() const;  ///< including released ones whose last bytes are under way
  std::size_t flows() const;    ///< on all links: sent, received and relayed
  /// Bytes of streams, written but not acknowledged or received but not read, and of packets that wait to be
  /// relayed.
  std::size_t held_bytes() const;
  /// The present limit of the latter. gof-protocol(7), FLOWS.
  std::size_t passing_limit() const;
  std::size_t granted_bytes() const;  ///< windows of all streams; at most credit_budget::limit

 private:
  struct composition;
  std::unique_ptr<composition> all_;
};

}  // namespace gof::core
