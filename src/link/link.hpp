#pragma once

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "link/frame_reader.hpp"
#include "link/liveness.hpp"
#include "link/opening.hpp"
#include "link/output_limit.hpp"
#include "secure/identity.hpp"
#include "wire/frame.hpp"
#include "wire/grant_frame.hpp"
#include "wire/packet.hpp"
#include "wire/reason.hpp"

#include <optional>
#include <string>
#include <variant>

namespace gof::core {

/// A link to one neighbour over TCP: opened first, then sealed frames in both directions, with keep-alive and
/// changes of keys of its own. Sans-I/O by the core contract. gof-protocol(7), LINKS.
class link {
 public:
  struct up {
    peer_id peer;
    node_id node;
    wire::link_role role = wire::link_role::member;  ///< the dialler's
    peer_id issuer;                                  ///< the issuer of a guest's ticket
    grant_id grant;
  };
  struct received {
    wire::frame_type type{};
    wire::packet head;
    mutable_bytes payload;  ///< in the buffer that it arrived in; valid until the next call
  };
  /// The body of a frame of flows, records or labels, which the link leaves to the node.
  struct notice {
    wire::frame_type type{};
    const_bytes body;  ///< in the buffer that it arrived in; valid until the next call
  };
  struct down {
    wire::reason why = wire::reason::none;
    bool stranger = false;  ///< the dialler never showed a valid key
    bool told = false;      ///< the other side gave the reason
    std::string detail;
  };
  using event = std::variant<up, received, notice, down>;

  /// For a socket that this node dialled, once connected.
  link(instant now, const secure::identity& self, const instance_id& instance, const link_credentials& with,
       random_source& random);
  /// For a socket that this node accepted.
  link(instant now, const secure::identity& self, const instance_id& instance,
       const secure::secret32& network_key, random_source& random);

  /// A valid HELLO is then answered with this reason instead of a handshake; none: with a handshake.
  void refuse_with(wire::reason why) {
    if (opening_) opening_->refuse_with(why);
  }

  /// Frames are read and opened in place: `data` must stay there until poll_event() returns nothing.
  void handle_bytes(instant now, mutable_bytes data);
  void handle_timeout(instant now);
  /// The socket failed, with the system's message; empty: the other side closed in order.
  void handle_closed(const std::string& failure);
  std::optional<instant> poll_timeout() const;

  /// Processes what arrived, up to the next event. After `down` the link is over: write what poll_transmit()
  /// still has, then close the socket.
  std::optional<event> poll_event(instant now);

  /// Of an accepted socket whose HELLO was not processed yet: the ticket a guest claims to hold, unproven.
  using claim = opening::claim;
  std::optional<claim> claimed();

  /// Everything that is to be written to the socket.
  buffer poll_transmit();
  /// Whether another packet may be queued. A link queues little; more waits with its flow.
  bool writable() const { return is_up() && out_.size() < limit_.bytes(); }
  /// Whether a message may be queued that is not urgent. True also while packets fill the link.
  bool takes_news() const { return is_up() && out_.size() < news_limit; }
  /// The other side does not read, yet keeps us answering.
  bool is_stalled() const { return is_up() && out_.size() > stalled_output; }

  /// Queues a packet's frame and returns the place for its payload. Only while the link is up, and only when
  /// writable(), unless it is a control packet.
  mutable_bytes append_packet(instant now, wire::frame_type type, const wire::packet& head,
                              std::size_t payload_size);
  /// The same for a packet that is passed on unchanged.
  void append_packet(instant now, wire::frame_type type, const wire::packet& head, const_bytes payload);

  /// Queues a message, without regard to the limits; only while up. A caller with many must check writable().
  void send(wire::frame_type type, const_bytes body);

  /// The MAC by which the dialler of this link, once it is up, proves to hold another ticket as well.
  secure::mac16 grant_mac(const secure::secret32& link_key) const;
  /// At the listener: whether the dialler has proved that way to hold a ticket of this issuer and grant.
  bool proves(const wire::grant_frame& shown) const;

  /// Sends BYE after what is queued, and is over.
  void close(wire::reason why);
  /// Answers over this link are missing: checks at once whether the other side is alive.
  void doubt(instant now) { liveness_.doubt(now); }
  /// What TCP says of the path while more is to be written than it takes.
  void handle_path(const core::output_limit::path& now) { limit_.handle_path(now); }
  const core::output_limit& output_limit() const { return limit_; }

  bool is_over() const { return over_; }
  bool is_up() const { return opened_ && !over_; }
  bool is_admitted() const { return opened_ || opening_->is_admitted(); }  ///< the dialler showed a valid key
  /// At the listener: the grant that the dialler was admitted with; empty: none.
  std::optional<grant_id> shown_grant() const;
  std::optional<duration> round_trip() const { return liveness_.round_trip(); }

  static constexpr std::size_t bulk_packet = 16 * 1024;  ///< from this size on, room for a whole output
  static constexpr std::size_t news_limit = 256 * 1024;  ///< more than an output and a packet
  static constexpr std::size_t stalled_output = 4 * 1024 * 1024;  ///< of messages that ignore the limits
  static constexpr duration rekey_time = 10s;  ///< bulk may be queued ahead of the handshake's frames
  static constexpr std::uint64_t frames_per_key = std::uint64_t{1} << 23;
  static constexpr duration key_lifetime = 1h;

 private:
  random_source& random_;
  secure::side role_;
  std::optional<opening> opening_;     ///< until the link is up
  std::optional<opened_link> opened_;  ///< from then on
  bool over_ = false;
  std::optional<down> ending_;  ///< to be returned by poll_event()
  std::optional<instant> rekey_at_;
  instant rekey_deadline_{};  ///< of the handshake in progress
  liveness liveness_;
  frame_reader in_;
  core::output_limit limit_;
  buffer out_;  ///< while up; each kind of message has its limit above

  std::optional<event> open_further(instant now);
  std::optional<event> handle_frame(instant now, const frame_reader::frame& f);
  void handle_clear_frame(instant now, wire::frame_type type, const_bytes payload);
  void handle_own_frame(instant now, wire::frame_type type, const_bytes header);
  void handle_rekey(instant now);
  void start_rekey(instant now);
  void seal_under_new_keys();
  buffer& room_for(instant now, wire::frame_type type, std::size_t payload_size);
  void take_failure();
  void end(wire::reason why, std::string detail, bool told = false);
};

}  // namespace gof::core
