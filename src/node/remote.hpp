#pragma once

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/take_first.hpp"
#include "base/time.hpp"
#include "mux/mux.hpp"
#include "node/event.hpp"
#include "node/path.hpp"
#include "node/turn_share.hpp"
#include "sctp/association.hpp"
#include "session/session.hpp"
#include "session/starvation.hpp"
#include "wire/flow.hpp"
#include "wire/path_error.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

namespace gof::core {

/// One other node that we talk with end to end: its session, the association inside it and the streams inside
/// that. Moves packets and messages between the three; of links it knows only the way that was chosen.
class remote {
 public:
  struct stream_event {
    mux::event what;
  };
  /// All streams of the session are gone with it.
  struct streams_lost {
    wire::reason why;
  };
  using event = std::variant<session_up, path_lost, path_resumed, session::doubtful, session::answered,
                             stream_event, streams_lost, session::over>;

  remote(const session::config& how, sctp::stack& stack, random_source& random, credit_budget& budget);

  void connect(instant now, const peer_id& expected, const session_credentials& with);
  void handle_crypto(instant now, const wire::crypto& message, const session_credentials& with);
  /// True: it was authentic and the newest so far, so that the way it came is the way back.
  bool handle_packet(instant now, wire::frame_type type, const wire::packet& head, mutable_bytes sealed);
  void handle_path(instant now, std::optional<path> next);
  /// Asks the other side for a sign of life now, before anybody misses one.
  void probe(instant now);
  /// A round trip is wanted: session::answered follows, if an answer comes.
  void ask(instant now);
  void handle_timeout(instant now);
  /// Takes what the association has for us: after anything that may have moved SCTP's timers.
  void settle(instant now);
  /// The same after a command to streams(), which moves nothing else.
  void settle_streams(instant now);
  void close(wire::reason why) { session_.close(why); }
  void keep(bool wanted) { kept_ = wanted; }

  std::optional<event> poll_event() { return take_first(events_); }
  std::optional<instant> poll_timeout() const;

  /// A packet for the link, still to be sealed: by write(), into `size` bytes.
  struct outgoing {
    wire::frame_type type{};
    wire::packet head;
    std::size_t size = 0;
    std::variant<session::control, sctp::packet> what;
  };
  /// Control packets go even when a link would rather take no more.
  std::optional<outgoing> poll_control(instant now);
  /// The next one with data, if its payload is no larger than `most`.
  std::optional<outgoing> poll_data(instant now, std::uint64_t most);
  bool has_data() const { return data_.has_value(); }  ///< that poll_data() found too large
  void write(outgoing p, mutable_bytes to);
  /// Whether a packet with this number field and end was sent lately, and by the present way: a PATH-ERROR is
  /// neither invented nor about another way.
  bool sent(std::uint64_t number_field, const wire::path_error::echo& tail) const;

  // ---- its data at the link
  struct own_flow {
    link_id link;
    wire::flow id;
    instant used;
  };
  /// What its data is counted in while it goes by the present path; empty: none has gone yet.
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
  /// A tick of the SCTP stack may move it.
  bool is_ticking() const { return association_ && association_->is_ticking(); }
  bool goes_by(link_id link) const { return path_ && path_->link == link; }
  const node_id& id() const { return id_; }
  bool is_established() const { return session_.is_established(); }
  /// Something that streams were given is not known to have arrived yet.
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
  std::uint64_t path_number_ = 1;  ///< counts paths
  /// SACKs are cumulative, and those of a packet or two are all that ever wait.
  static constexpr std::size_t most_small = 32;
  /// What SCTP holds that did not go out: credit of streams waits behind it, and other streams' turns. The
  /// streams are asked again whenever a packet may go.
  static constexpr std::size_t most_backlog = 256 * 1024;
  bool kept_ = false;
  bool announced_ = false;
  std::deque<sctp::packet> small_;  ///< without data: SACKs pass by data that wait for credit
  std::optional<sctp::packet> data_;
  std::optional<own_flow> flow_;
  turn_share share_;
  std::deque<event> events_;
  struct echo {
    std::uint64_t number = 0;
    wire::path_error::echo tail{};
    std::uint64_t path_number = 0;
  };
  std::array<echo, 64> sent_{};
  std::size_t next_sent_ = 0;

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
