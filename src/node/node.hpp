#pragma once

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
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
/// contract: inputs are handle_*, commands are verbs, outputs are poll_*; `now` never decreases; nothing is
/// called back.
class node {
 public:
  node(node_config config, sctp::stack& stack, random_source& random);
  ~node();
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  node_id id() const;
  peer_id peer() const;

  // ---- links: inputs
  /// A socket was accepted from `source` (an address without port, for the caps). Empty: too many; close it.
  std::optional<link_id> accept_link(instant now, const std::string& source);
  void handle_connected(instant now, link_id link);
  void handle_dial_failed(instant now, link_id link, const std::string& detail);
  /// `data` is read where it lies, and written over.
  void handle_bytes(instant now, link_id link, mutable_bytes data);
  /// The socket failed, in the system's words; empty: it ended in order. Unknown (already forgotten) links
  /// are ignored, here and above.
  void handle_closed(instant now, link_id link, const std::string& failure);
  void handle_timeout(instant now);

  // ---- outputs
  /// Bytes to write to the link's socket, at most some 100 KiB; ask again once they are written. Empty:
  /// nothing now.
  bytes poll_transmit(instant now, link_id link);
  std::optional<event> poll_event();
  /// A link that may have something to write, once: poll_transmit() it.
  std::optional<link_id> poll_ready();
  /// The socket takes more: poll_transmit() was not asked till the end.
  void handle_writable(link_id link);
  /// Includes the SCTP stack's; advance() of the stack is done by handle_timeout().
  std::optional<instant> poll_timeout() const;

  // ---- who to reach
  /// Keeps a link to the ticket's issuer from now on, dialled again when it dies (1, 2, 5 s), and probes the
  /// session while it is kept. One that is in use already changes nothing; of one grant there may be several,
  /// with other addresses. The error: a ticket of another mesh than one in use.
  std::optional<problem> add_ticket(instant now, const wire::ticket& ticket);
  /// Ends that. A link that nothing else needs ends with the last of the streams that go by it.
  void drop_ticket(instant now, const wire::ticket& ticket);
  /// Keeps a session with a peer of the mesh, as with a ticket's issuer, by the links that there are. Only
  /// for a member.
  void add_peer(instant now, const peer_id& peer);
  /// Ends that; the session stands as long as it has a path.
  void drop_peer(instant now, const peer_id& peer);
  /// Keeps a link to the member that answers at one of these addresses. Only for a member.
  void add_bootstrap(instant now, const std::vector<wire::address>& at);
  /// What this node's record says of it besides its links: also its newest withdrawn grants, whose guests
  /// other members let in no more. Only a member's is spread.
  void publish(instant now, std::vector<std::string> services, std::vector<wire::address> addresses,
               std::vector<grant_id> withdrawn = {});

  // ---- streams
  /// Never fails at once: the answer is stream_accepted or stream_refused. What is written before the answer
  /// follows OPEN. What `options` say of this host is told only to a peer that has proved to run on it.
  stream_id open(instant now, const peer_id& to, const std::string& service, wire::open_options options = {});
  /// Asks whether `service` would be had; answered by stream_probed or stream_refused.
  stream_id probe(instant now, const peer_id& to, const std::string& service,
                  wire::open_options options = {});
  /// Wants a round trip to the peer, which is reached for it if need be. `pong` follows, or nothing.
  void ping(instant now, const peer_id& to);

  void accept(instant now, stream_id stream);
  void confirm(instant now, stream_id stream);
  void refuse(instant now, stream_id stream, wire::reason why, const std::string& text);

  /// Takes as much as may be held; less than given: stream_writable follows once there is room.
  std::size_t write(instant now, stream_id stream, const_bytes data);
  /// No more will be written; the other side sees the end after all bytes.
  void finish(instant now, stream_id stream);
  /// Whether write() would take so much at once; if not, stream_writable follows when it may.
  bool await_room(stream_id stream, std::size_t size);
  /// Ends both directions. What was written is still delivered, and the other side sees the reset behind it.
  /// With `more`, so many bytes are yet to be written before that: the id stays good for write() until a
  /// second call. Otherwise it is dead, and no event follows.
  void reset(instant now, stream_id stream, wire::reason why = wire::reason::reset, std::uint64_t more = 0);
  /// The same now, without what was not sent. The id is dead; no event follows.
  void abort(instant now, stream_id stream, wire::reason why = wire::reason::reset);
  /// From now on what is consumed counts as taken only once taken() says so.
  void hold_taken(stream_id stream);
  /// The local side has so many of the received bytes, counted from the stream's beginning; the other side is
  /// told behind its end, or with our own.
  void taken(instant now, stream_id stream, std::uint64_t offset);
  /// What stands at the front of the received bytes; valid until the next call that takes `now`.
  const_bytes readable(stream_id stream) const;
  bool at_end(stream_id stream) const;  ///< everything was read and the other side finished
  /// Frees what was read: that is what lets the other side send more.
  void consume(instant now, stream_id stream, std::size_t size);

  /// Whether the asker of this stream holds the token of the grant it named.
  bool proves(stream_id stream, const secure::secret32& token) const;

  // ---- end
  /// Resets every stream, tells every session and link. Poll once more, write, close.
  void shutdown(instant now);

  // ---- what stands
  std::vector<link_state> links() const;
  std::vector<session_state> sessions() const;
  /// By id, from the one behind `after` on.
  std::vector<known_state> known(const std::optional<node_id>& after, std::size_t most) const;
  std::size_t streams() const;  ///< also those let go of whose last bytes are on their way
  std::size_t flows() const;    ///< on all links: sent, received and passed on
  /// Of streams in both directions, written and not acknowledged or received and not read; and of others'
  /// packets that wait to be passed on.
  std::size_t held_bytes() const;
  /// What the latter may come to now: the credit given for the flows that pass through, and the caps on what
  /// needs none and on what dead links left. gof-protocol(7), FLOWS.
  std::size_t passing_limit() const;
  std::size_t granted_bytes() const;  ///< windows of all streams; at most credit_budget::limit

 private:
  struct composition;
  std::unique_ptr<composition> all_;
};

}  // namespace gof::core
