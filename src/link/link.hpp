#pragma once

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "link/frame_reader.hpp"
#include "link/liveness.hpp"
#include "link/opening.hpp"
#include "secure/identity.hpp"
#include "wire/frame.hpp"
#include "wire/grant_frame.hpp"
#include "wire/packet.hpp"
#include "wire/reason.hpp"

#include <optional>
#include <string>
#include <variant>

namespace gof::core {

/// One neighbour over TCP: an opening, then sealed frames both ways; keep-alive and new keys by itself.
/// Sans-I/O by the core contract. gof-protocol(7), LINKS.
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
  void refuse_with(wire::reason why) {
    if (opening_) opening_->refuse_with(why);
  }

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
  using claim = opening::claim;
  std::optional<claim> claimed();

  /// All that is to be written to the socket.
  bytes poll_transmit();
  /// Whether another packet may be queued; a link holds little, what waits stays with its flow.
  bool writable() const { return is_up() && out_.size() < output_limit; }
  /// Whether a message may be queued that can as well wait. Also while packets fill the link.
  bool takes_news() const { return is_up() && out_.size() < news_limit; }
  /// The other side reads nothing and yet makes us answer.
  bool is_stalled() const { return is_up() && out_.size() > stalled_output; }

  /// Queues a packet's frame and returns where its payload is to be written. Only while up; what is not a
  /// control packet waits for writable().
  mutable_bytes append_packet(instant now, wire::frame_type type, const wire::packet& head,
                              std::size_t payload_size);
  /// The same for one that is passed on as it is.
  void append_packet(instant now, wire::frame_type type, const wire::packet& head, const_bytes payload);

  /// Queues a message; only while up. It waits for nothing: who sends many looks at writable().
  void send(wire::frame_type type, const_bytes body);

  /// What shows on this link, once it is up, that its dialler holds another ticket too.
  secure::mac16 grant_mac(const secure::secret32& link_key) const;
  /// Whether the dialler showed a ticket of this issuer and grant so; at the listener.
  bool proves(const wire::grant_frame& shown) const;

  /// Says BYE and is over; what waits goes out before it.
  void close(wire::reason why);
  /// Answers are missed above: ask at once whether the other side lives.
  void doubt(instant now) { liveness_.doubt(now); }

  bool is_over() const { return over_; }
  bool is_up() const { return opened_ && !over_; }
  bool is_admitted() const { return opened_ || opening_->is_admitted(); }  ///< showed the right key
  /// By which ticket the dialler came in; empty: by none. At the listener.
  std::optional<grant_id> shown_grant() const;
  std::optional<duration> round_trip() const { return liveness_.round_trip(); }

  static constexpr std::size_t output_limit =
      128 * 1024;  ///< one gathered write; more only lengthens the queue and empties those of flows
  static constexpr std::size_t bulk_packet = 16 * 1024;           ///< what makes room for a whole output
  static constexpr std::size_t news_limit = 256 * 1024;           ///< more than output_limit and a packet
  static constexpr std::size_t stalled_output = 4 * 1024 * 1024;  ///< of messages that wait for nothing
  static constexpr duration rekey_time = 10s;  ///< bulk may be queued ahead of the handshake's frames
  static constexpr std::uint64_t frames_per_key = std::uint64_t{1} << 23;
  static constexpr duration key_lifetime = 1h;

 private:
  random_source& random_;
  secure::side role_;
  std::optional<opening> opening_;     ///< until it is up
  std::optional<opened_link> opened_;  ///< from then on
  bool over_ = false;
  std::optional<down> ending_;  ///< for poll_event()
  std::optional<instant> rekey_at_;
  instant rekey_deadline_{};  ///< of the handshake under way
  liveness liveness_;
  frame_reader in_;
  bytes out_;  ///< while up; each kind of message has its limit above

  std::optional<event> open_further(instant now);
  std::optional<event> handle_frame(instant now, const frame_reader::frame& f);
  void handle_clear_frame(instant now, wire::frame_type type, const_bytes payload);
  void handle_own_frame(instant now, wire::frame_type type, const_bytes header);
  void handle_rekey(instant now);
  void start_rekey(instant now);
  void seal_under_new_keys();
  bytes& room_for(instant now, wire::frame_type type, std::size_t payload_size);
  void take_failure();
  void end(wire::reason why, std::string detail, bool told = false);
};

}  // namespace gof::core
