#pragma once

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/take_first.hpp"
#include "base/time.hpp"
#include "link/output_limit.hpp"
#include "mux/mux.hpp"
#include "node/event.hpp"
#include "node/path.hpp"
#include "node/sent_packets.hpp"
#include "node/turn_share.hpp"
#include "sctp/association.hpp"
#include "session/session.hpp"
#include "session/starvation.hpp"
#include "wire/flow.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

namespace gof::core {

/// Another node that we talk with end to end: its session, the association in it, and the streams in that.
/// Moves packets and messages between the three. Of links it knows only the chosen path.
class remote {
 public:
  struct stream_event {
    mux::event what;
  };
  /// All streams of the session ended with it.
  struct streams_lost {
    wire::reason why;
  };
  using event = std::variant<session_up, path_lost, path_resumed, session::doubtful, session::answered,
                             stream_event, streams_lost, session::over>;

  remote(const session::config& how, sctp::stack& stack, random_source& random, credit_budget& budget);

  void connect(instant now, const peer_id& expected, const session_credentials& with);
  void handle_crypto(instant now, const wire::crypto& message, const session_credentials& with);
  /// True: it was authentic and the newest so far, so the path it came by is the path back.
  bool handle_packet(instant now, wire::frame_type type, const wire::packet& head, mutable_bytes sealed);
  void handle_path(instant now, std::optional<path> next);
  /// Probes the other side now, before an answer is missing.
  void probe(instant now);
  /// Measures a round trip. session::answered follows, if an answer arrives.
  void ask(instant now);
  void handle_timeout(instant now);
  /// Takes what the association has for us; to be called after all that may have changed SCTP's timers.
  void settle(instant now);
  /// The same after a command to streams(), which changes nothing else.
  void settle_streams(instant now);
  void close(wire::reason why) { session_.close(why); }
  void keep(bool wanted) { kept_ = wanted; }

  std::optional<event> poll_event() { return take_first(events_); }
  std::optional<instant> poll_timeout() const;

  /// A packet for the link. write() will seal it into `size` bytes.
  struct outgoing {
    wire::frame_type type{};
    wire::packet head;
    std::size_t size = 0;
    std::variant<session::control, sctp::packet> what;
  };
  /// Control packets are sent even if the link would rather take no more.
  std::optional<outgoing> poll_control(instant now);
  /// The next packet with data, if its payload is no larger than `most`.
  std::optional<outgoing> poll_data(instant now, std::uint64_t most);
  bool has_data() const { return data_.has_value(); }  ///< that was too large for poll_data()
  void write(outgoing p, mutable_bytes to);
  /// How much may wait here for the link of the present path, before a packet is polled.
  void limit_output(const output_limit& limit) { limit_ = limit; }
  const sent_packets& sent() const { return sent_; }

  // ---- the flow of its data
  struct own_flow {
    link_id link;
    wire::flow id;
    instant used;
  };
  /// The flow that its data is counted in while it uses the present path; empty: no data was sent yet.
  const std::optional<own_flow>& flow() const { return flow_; }
  void begin_flow(const own_flow& flow) { flow_ = flow; }
  void use_flow(instant now) { flow_->used = now; }
  std::optional<own_flow> end_flow() { return std::exchange(flow_, std::nullopt); }
  turn_share& share() { return share_; }

  /// Null until the session is up.
  mux* streams() { return streams_ ? &*streams_ : nullptr; }
  const mux* streams() const { return streams_ ? &*streams_ : nullptr; }
  bool is_up() const { return announced_; }
  bool is_over() const { return session_.is_over(); }
  const session& end_to_end() const { return session_; }
  const std::optional<path>& current_path() const { return path_; }
  /// Whether a tick of the SCTP stack may concern it.
  bool is_ticking() const { return association_ && association_->is_ticking(); }
  bool goes_by(link_id link) const { return path_ && path_->link == link; }
  const node_id& id() const { return id_; }
  bool is_established() const { return session_.is_established(); }
  /// A stream is open, or some of the data that was sent may not have arrived yet.
  bool is_under_way() const {
    return (streams_ && streams_->size() > 0) || (association_ && association_->unacknowledged() > 0);
  }

 private:
  node_id id_;
  sctp::stack& stack_;
  credit_budget& budget_;
  session session_;
  std::unique_ptr<sctp::association> association_;
  std::optional<mux> streams_;
  std::optional<path> path_;
  starvation starving_;
  /// SACKs are cumulative, and no more than those of a packet or two ever wait.
  static constexpr std::size_t most_small = 32;
  /// Of messages, and of what SCTP holds and has not sent: credit of streams waits after it, and so do other
  /// streams. The streams are asked again whenever a packet may be sent.
  output_limit limit_;
  bool kept_ = false;
  bool announced_ = false;
  std::deque<sctp::packet> small_;  ///< without data: SACKs overtake data that waits for credit
  std::optional<sctp::packet> data_;
  std::optional<own_flow> flow_;
  turn_share share_;
  fifo<event> events_;
  sent_packets sent_;

  void drain_session(instant now);
  void drain_association(instant now);
  void drain_streams();
  void take_packets(instant now);
  void feed_association(instant now);
  void lose_streams(wire::reason why);
  /// The other side broke the protocol.
  void break_off(const std::string& what);
  void announce();
  void demand(instant now);
};

}  // namespace gof::core
