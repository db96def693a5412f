#pragma once

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/take_first.hpp"
#include "base/time.hpp"
#include "session/keyring.hpp"
#include "session/pathwatch.hpp"
#include "session/session_config.hpp"
#include "session/session_event.hpp"
#include "session/token_proofs.hpp"
#include "wire/reason.hpp"
#include "wire/session.hpp"

#include <deque>
#include <optional>
#include <string>

namespace gof::core {

/// The connection end to end with one other node: handshake, hellos, sealed packets under keys that are
/// renewed, and the watch over the path. It knows no links: packets come and go with their header. Sans-I/O
/// by the core contract. gof-protocol(7), SESSIONS.
///
///     client                                      server
///        |  CRYPTO ------------------------------>   |
///        |   <------------------------------ CRYPTO  |
///        |  CRYPTO, HELLO (session id), SCTP ----->  |   the server: established
///        |   <------------------------ HELLO, SCTP   |   the client: confirmed
class session {
 public:
  using config = session_config;
  using established = session_event::established;
  using greeted = session_event::greeted;
  using lost = session_event::lost;
  using resumed = session_event::resumed;
  using doubtful = session_event::doubtful;
  using over = session_event::over;
  using answered = session_event::answered;
  using event = session_event::any;

  session(const config& how, random_source& random);

  /// Begins as the client. The other side must prove the key `expected`.
  void connect(instant now, const peer_id& expected, const session_credentials& with);
  /// Takes a CRYPTO message whose MAC was verified under `with`.
  void handle_crypto(instant now, const wire::crypto& message, const session_credentials& with);
  struct opened {
    bool newest = false;              ///< authentic, with the highest number so far under its keys
    std::optional<const_bytes> sctp;  ///< the SCTP packet it held, inside the caller's buffer
  };
  /// Takes a sealed packet, and opens it in place.
  opened handle_packet(instant now, wire::frame_type type, const wire::packet& head, mutable_bytes sealed);
  void handle_path(instant now, bool there);
  /// The session has changed from one path to another.
  void handle_switch(instant now);
  /// Measures a round trip now; `answered` reports it.
  void ask(instant now) { watch_.ask(now); }
  /// The path carries no data. The side that chose it notices, because its probes get no answer.
  void handle_starvation();
  void handle_demand(instant now, pathwatch::demand wanted) { watch_.handle_demand(now, wanted); }
  void handle_timeout(instant now);

  std::optional<event> poll_event() { return take_first(events_); }
  std::optional<instant> poll_timeout() const;

  /// A control packet to send: CRYPTO (not encrypted) or a frame to be sealed.
  struct control {
    wire::packet head;
    bool clear = false;
    wire::session_frame kind{};
    bytes body;
  };
  std::optional<control> poll_control(instant now);
  /// The header for an SCTP packet to be sent now, and the function that seals one.
  wire::packet next_head();
  void seal(const wire::packet& head, wire::frame_type type, wire::session_frame kind, const_bytes body,
            mutable_bytes out);

  /// Informs the other side and ends, without an event.
  void close(wire::reason why);

  bool is_over() const { return over_; }
  bool is_established() const { return established_; }
  bool is_client() const { return is_client_; }
  /// Both ends have sent packets under the same keys.
  bool is_confirmed() const { return keys_.has_current(); }
  const std::optional<peer_id>& peer() const { return peer_; }
  /// The peer that our own attempt asked for.
  const std::optional<peer_id>& expected() const { return expected_; }
  const std::string& name() const { return name_; }
  /// The credentials of our own attempts; empty at a server.
  const std::optional<session_credentials>& credentials() const { return credentials_; }
  /// Only for an established session: the proof is bound to the proof key of its first handshake.
  const secure::mac16& token_proof(const secure::secret32& token, const grant_id& grant) const {
    return proofs_->of(token, grant);
  }
  /// The other side has proved that it runs on our host and in our network namespace.
  bool is_same_host() const { return same_host_; }
  const pathwatch& watch() const { return watch_; }

  static constexpr duration hello_repeat = 500ms;  ///< doubled after each repeat
  /// How many probes to leave unanswered: one more than make the other side doubt the path.
  static constexpr unsigned starved_silence = pathwatch::doubtful_misses + 1;
  static constexpr std::size_t most_controls = 64;  ///< in the queue; lost probes and hellos are repeated

 private:
  config config_;
  random_source& random_;
  bool is_client_ = false;
  unsigned unanswered_ = 0;  ///< how many more probes to ignore
  bool established_ = false;
  bool over_ = false;
  std::optional<peer_id> expected_;
  std::optional<peer_id> peer_;
  std::optional<session_credentials> credentials_;
  session_id id_;
  std::string name_;
  secure::secret32 proof_key_;
  mutable std::optional<token_proofs> proofs_;  ///< mutable, as it caches the proofs it made
  bool same_host_ = false;
  keyring keys_;
  std::optional<instant> hello_at_;  ///< client: until the server's HELLO arrives under the newest keys
  duration hello_wait_{};
  pathwatch watch_;
  bool doubt_told_ = false;
  std::deque<control> controls_;
  std::deque<event> events_;  ///< emptied after each input, which adds few

  void check_attempt(instant now);
  void drop_attempt();
  void adopt_keys(instant now);
  std::optional<const_bytes> handle_frame(instant now, keyset& under, wire::session_frame kind,
                                          const_bytes body);
  void handle_probe(const_bytes body);
  void handle_probe_reply(instant now, const_bytes body);
  void handle_hello(instant now, keyset& under, const_bytes body);
  void handle_client_hello(instant now, keyset& under, const wire::session_hello& heard);
  void handle_server_hello(instant now, keyset& under, const wire::session_hello& heard);
  void establish(instant now, const keyset& with);
  void check_host(const wire::session_hello& heard);
  void queue_hello();
  void queue(keyset& under, wire::session_frame kind, bytes body);
  wire::packet head_under(keyset& keys) const;
  void end(wire::reason why, std::string detail);
  void watch_path(instant now);
};

}  // namespace gof::core
