#pragma once

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "link/frame_reader.hpp"
#include "link/liveness.hpp"
#include "link/seal.hpp"
#include "secure/derive.hpp"
#include "secure/exchange.hpp"
#include "secure/identity.hpp"
#include "wire/frame.hpp"
#include "wire/grant_frame.hpp"
#include "wire/greeting.hpp"
#include "wire/hello.hpp"
#include "wire/packet.hpp"
#include "wire/reason.hpp"

#include <optional>
#include <string>
#include <variant>

namespace gof::core {

/// What a dialler opens a link with: the network key (member), or a ticket's link key with its grant (guest).
struct link_credentials {
  secure::secret32 key;
  wire::link_role role = wire::link_role::member;
  peer_id issuer;
  grant_id grant;
};

/// One neighbour over TCP: greeting, hello, TLS handshake, proof, then sealed frames both ways; keep-alive
/// and new keys by itself. Sans-I/O by the core contract. gof-protocol(7), LINKS.
///
///     dialler                                   listener
///        |  <----------------------- GREETING (nonce)  |
///        |  HELLO (version, role, MAC) ------------->  |   a wrong MAC: closed without a word
///        |  CRYPTO ------------------------------->    |   (REFUSED instead: why not)
///        |    <------------------------------- CRYPTO  |
///        |  CRYPTO, PROOF ------------------------->   |
///        |    <-------------------------------- PROOF  |   up at both ends with the other's PROOF
class link {
 public:
  struct up {
    peer_id peer;
    node_id node;
    wire::link_role role = wire::link_role::member;  ///< the dialler's
    peer_id issuer;                                  ///< a guest's ticket
    grant_id grant;
  };
  struct received {
    wire::frame_type type{};
    wire::packet head;
    mutable_bytes payload;  ///< where it came in, until the next call
  };
  /// What the frames of flows, records and labels hold; the node's business.
  struct notice {
    wire::frame_type type{};
    const_bytes body;  ///< where it came in, until the next call
  };
  struct down {
    wire::reason why = wire::reason::none;
    bool stranger = false;  ///< never showed a key
    bool told = false;      ///< the other side said so
    std::string detail;
  };
  using event = std::variant<up, received, notice, down>;

  /// A connected socket that we dialled.
  link(instant now, const secure::identity& self, const instance_id& instance, const link_credentials& with,
       random_source& random);
  /// A socket we accepted.
  link(instant now, const secure::identity& self, const instance_id& instance,
       const secure::secret32& network_key, random_source& random);

  /// What a right HELLO is to be answered with instead of a handshake; none: go on.
  void refuse_with(wire::reason why) { refuse_ = why; }

  /// Frames are read and opened where they lie: `data` stays until poll_event() gives nothing.
  void handle_bytes(instant now, mutable_bytes data);
  void handle_timeout(instant now);
  /// The socket failed, in the system's words; empty: the other side ended it in order.
  void handle_closed(const std::string& failure);
  std::optional<instant> poll_timeout() const;

  /// Works through what came in, up to the next thing of note. After `down` the link is over: send what is
  /// left, close.
  std::optional<event> poll_event(instant now);

  /// Of an accepted socket whose HELLO came and was not read yet: what a guest says it holds. Not proven.
  struct claim {
    peer_id issuer;
    grant_id grant;
  };
  std::optional<claim> claimed();

  /// All that is to be written to the socket.
  bytes poll_transmit();
  /// Whether another packet may be queued; a link holds little, what waits stays with its flow.
  bool writable() const { return up_ && !over_ && out_.size() < output_limit; }
  /// Whether a message may be queued that can as well wait. Also while packets fill the link.
  bool takes_news() const { return up_ && !over_ && out_.size() < news_limit; }
  /// The other side reads nothing and yet makes us answer.
  bool is_stalled() const { return up_ && !over_ && out_.size() > stalled_output; }

  /// Queues a packet's frame and returns where its payload is to be written. Only while up; what is not a
  /// control packet waits for writable().
  mutable_bytes append_packet(instant now, wire::frame_type type, const wire::packet& head,
                              std::size_t payload_size);
  /// The same for one that is passed on as it is.
  void append_packet(instant now, wire::frame_type type, const wire::packet& head, const_bytes payload);

  /// Queues a message; only while up. It waits for nothing: who sends many looks at writable().
  void send(wire::frame_type type, const_bytes body) { send_sealed(type, body); }

  /// What shows on this link, once it is up, that its dialler holds another ticket too.
  secure::mac16 grant_mac(const secure::secret32& link_key) const;
  /// Whether the dialler showed a ticket of this issuer and grant so; at the listener.
  bool proves(const wire::grant_frame& shown) const;

  /// Says BYE and is over; what waits goes out before it.
  void close(wire::reason why);
  /// Answers are missed above: ask at once whether the other side lives.
  void doubt(instant now) { liveness_.doubt(now); }

  bool is_over() const { return over_; }
  bool is_up() const { return up_ && !over_; }
  bool is_admitted() const { return exchange_.has_value() || up_; }  ///< showed the right key
  /// By which ticket the dialler came in; empty: by none. At the listener.
  std::optional<grant_id> shown_grant() const {
    const bool guests = is_admitted() && credentials_->role == wire::link_role::guest;
    return guests ? std::optional(credentials_->grant) : std::nullopt;
  }
  std::optional<duration> round_trip() const { return liveness_.round_trip(); }

  static constexpr std::size_t output_limit =
      128 * 1024;  ///< one gathered write; more only lengthens the queue and empties those of flows
  static constexpr std::size_t bulk_packet = 16 * 1024;           ///< what makes room for a whole output
  static constexpr std::size_t news_limit = 256 * 1024;           ///< more than output_limit and a packet
  static constexpr std::size_t stalled_output = 4 * 1024 * 1024;  ///< of messages that wait for nothing
  static constexpr duration hello_time = 2s;                      ///< strangers keep a socket no longer
  static constexpr duration handshake_time = 3s;
  static constexpr duration rekey_time = 10s;  ///< bulk may stand before the handshake's frames
  static constexpr std::uint64_t frames_per_key = std::uint64_t{1} << 23;
  static constexpr duration key_lifetime = 1h;

 private:
  enum class stage { greeting, hello, handshake, proof, up };

  const secure::identity& self_;
  instance_id instance_;
  random_source& random_;
  secure::side role_;
  std::optional<link_credentials> credentials_;  // dialler: given; listener: of the dialler, once shown
  std::optional<secure::secret32> network_key_;  // listener
  wire::reason refuse_ = wire::reason::none;

  stage stage_;
  bool up_ = false;
  bool over_ = false;
  bool answered_ = false;       ///< dialler: something came behind the greeting
  std::optional<down> ending_;  // to be told by poll_event
  instant deadline_{};
  wire::greeting greeting_;
  bytes hello_;
  std::optional<secure::link_secrets> secrets_;
  std::optional<secure::exchange> exchange_;
  std::optional<frame_sealer> sealer_;
  std::optional<frame_opener> opener_;
  std::optional<peer_id> peer_;
  secure::secret32 proof_key_;
  std::optional<instant> rekey_at_;
  liveness liveness_;

  frame_reader in_;
  bytes out_;

  std::optional<event> step(instant now, bool& progress);
  std::optional<event> read_greeting(instant now, bool& progress);
  std::optional<event> read_hello(instant now, bool& progress);
  std::optional<event> read_frame(instant now, bool& progress);
  std::optional<event> handle_clear_frame(instant now, std::uint8_t type, const_bytes payload);
  std::optional<event> handle_sealed_frame(instant now, std::uint8_t type, const_bytes header,
                                           mutable_bytes payload);
  std::optional<event> handle_crypto(instant now, const_bytes payload);
  std::optional<event> handle_refused(const_bytes payload);
  std::optional<event> handle_proof(instant now, const_bytes header);
  std::optional<event> handle_rekey(instant now);
  std::optional<event> after_exchange();
  void start_handshake(instant now);
  void start_rekey(instant now);
  void send_crypto(instant now);
  void send_proof();
  void send_sealed(wire::frame_type type, const_bytes body);
  void send_clear(wire::frame_type type, const_bytes payload);
  secure::mac16 proof_mac(const secure::link_secrets& secrets, secure::side of) const;
  event end(wire::reason why, std::string detail, bool told = false);
  bytes& room_for(instant now, wire::frame_type type, std::size_t payload_size);
};

}  // namespace gof::core
