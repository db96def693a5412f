#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "mux/credit_budget.hpp"
#include "mux/idle_queue.hpp"
#include "mux/mux_event.hpp"
#include "mux/receiving.hpp"
#include "mux/sctp_load.hpp"
#include "mux/sending.hpp"
#include "wire/stream.hpp"

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace gof::core {

/// Byte streams over the ordered messages of one association: openings and answers, data under credit, ends
/// and resets, shared fairly (deficit round robin). Sans-I/O by the core contract. gof-protocol(7), STREAMS.
class mux {
 public:
  using number = wire::stream_number;
  using grant_mac = std::array<std::uint8_t, wire::stream_open::mac_size>;

  using incoming = mux_event::incoming;
  using accepted = mux_event::accepted;
  using refused = mux_event::refused;
  using probed = mux_event::probed;
  using readable = mux_event::readable;
  using writable = mux_event::writable;
  using confirmed = mux_event::confirmed;
  using ending = mux_event::ending;
  using reset_by_peer = mux_event::reset_by_peer;
  using done = mux_event::done;
  using violation = mux_event::violation;
  using event = mux_event::any;

  /// A message for the association; what it points to is valid until the next call. Until handle_sent() the
  /// same is given again.
  struct outgoing {
    std::uint16_t sctp_stream = 0;
    wire::stream_frame kind{};
    bytes made;          ///< anything but DATA
    const_bytes waited;  ///< DATA, where it was written to the stream

    const_bytes whole() const { return made.empty() ? waited : const_bytes(made); }
  };

  /// `sctp_streams`: 0 carries CREDIT, 1 and up the streams. Receive windows count for `key`.
  mux(bool is_client, std::uint16_t sctp_streams, std::size_t largest_message, credit_budget& budget,
      const credit_key& key);

  // ---- commands. Numbers that are dead or never were are ignored (false, 0, empty).
  /// Without room for its window in the budget: refused (busy), and nothing of it goes out.
  number open(instant now, const std::string& service, const grant_id& grant, const grant_mac& mac,
              wire::open_options options = {});
  number probe(instant now, const std::string& service, const grant_id& grant, const grant_mac& mac,
               wire::open_options options = {});
  void accept(number stream);
  void confirm(number stream);
  void refuse(number stream, wire::reason why, const std::string& text);
  std::size_t write(number stream, const_bytes data);
  /// Whether write() would take so much at once; if not, `writable` follows when it may.
  bool await_room(number stream, std::size_t size);
  void finish(number stream);
  /// Ends both directions. What was written is still sent, and `more` bytes that are yet to be written: the
  /// number stays good for write() until they were, and a second call lets go of it before.
  void reset(number stream, wire::reason why, std::uint64_t more = 0);
  /// Ends both directions, and drops what was not sent.
  void abort(number stream, wire::reason why);
  /// What is consumed counts as taken only by taken() from now on.
  void hold_taken(number stream);
  void taken(number stream, std::uint64_t offset);
  const_bytes front(number stream) const;
  void consume(instant now, number stream, std::size_t size);
  bool at_end(number stream) const;

  // ---- inputs
  void handle_message(instant now, std::uint16_t sctp_stream, std::uint32_t kind, bytes&& data);
  void handle_round_trip(duration smoothed) { round_trip_ = smoothed; }
  /// All but so many bytes that were handed out have arrived.
  void handle_arrived(instant now, std::size_t unacknowledged) { idle_.handle_arrived(now, unacknowledged); }
  void handle_timeout(instant now);
  /// Whether the peer runs on our host. Until it is known to, openings say nothing of the host.
  void handle_same_host(bool proved) { same_host_ = proved; }

  // ---- outputs
  std::optional<outgoing> poll_message();
  void handle_sent();
  std::optional<event> poll_event();
  /// Empty: no stream has credit to give back.
  std::optional<instant> poll_timeout() const;

  std::size_t size() const { return streams_.size(); }
  /// An opening now would get its window.
  bool admits_stream() const { return share_.admits_stream(); }
  std::size_t held_bytes() const;
  std::vector<number> numbers() const;

  static constexpr std::size_t most_streams = 16'384;  ///< then openings are refused busy
  static constexpr std::size_t most_refusals =
      16'384;  ///< waiting to be sent; a peer that asks on is hostile
  /// A stream with nothing to send, and whose bytes have arrived, gives its credit back after so long: some
  /// round trips, as TCP forgets its window after an idle retransmission timeout, of which 200 ms is the
  /// usual minimum. The timer is set a quarter later, so that streams that fall idle one after another share
  /// it.
  static constexpr int idle_round_trips = 4;
  static constexpr duration shortest_idle = 200ms;

 private:
  struct last {
    wire::reason why;
    std::uint64_t offset;
    bool told = false;
  };
  struct stream {
    stream(instant now, credit_share& share, std::uint64_t send_limit, std::size_t largest_message,
           std::size_t window)
        : out(send_limit, wire::stream_data::head_size, largest_message - wire::stream_data::head_size),
          in(now, share, window) {}

    std::uint16_t sctp_stream = 0;
    bool ours = false;
    bool is_probe = false;
    bool accepted = false;
    bool abandoned = false;  ///< let go of here; waits only for its last frames to go
    bool holds_taken = false;
    std::optional<wire::stream_open> opening;    ///< ours, not sent yet
    std::optional<wire::stream_message> answer;  ///< theirs: ACCEPT, REFUSE or PROBED, not sent yet
    std::optional<last> rst;                     ///< ours
    std::optional<last> peer_rst;
    std::uint64_t taken_there = 0;
    std::uint64_t taken_told = 0;
    sending out;
    receiving in;
    bool ready = false;  ///< stands in ready_
    bool credit_ready = false;
    bool told_readable = false;
    bool return_due = false;                      ///< it stood idle
    std::optional<idle_queue::place> idle_place;  ///< in idle_
    std::ptrdiff_t deficit = 0;

    bool sendable() const;
    bool taken_due() const;
    bool reset_is_over() const { return rst && rst->told && out.sent() == rst->offset; }
    bool peer_reset_is_over() const {
      return peer_rst && in.received() == peer_rst->offset && in.held() == 0;
    }
    bool may_send_data() const { return ours ? !opening : accepted && !answer; }
    /// RETURN goes behind ACCEPT, whose credit must not come after it.
    bool may_give_back() const { return accepted && !answer && !abandoned && out.may_give_back(); }
    bool gives_back() const { return return_due && may_give_back(); }
  };
  struct refusal {
    std::uint16_t sctp_stream;
    wire::stream_refuse message;
  };
  enum class source { none, credit, refusal, stream };

  static constexpr std::ptrdiff_t quantum = 65'536;  ///< one large message, or as much in small ones

  bool is_client_;
  std::size_t largest_message_;
  credit_share share_;
  duration round_trip_{};
  bool same_host_ = false;
  number next_;
  std::unordered_map<number, std::unique_ptr<stream>> streams_;
  sctp_load load_;
  std::deque<number> ready_;
  std::deque<number> credit_ready_;
  std::deque<refusal> refusals_;
  mux_event::queue events_;
  idle_queue idle_;
  source polled_ = source::none;
  std::size_t polled_size_ = 0;
  std::size_t polled_whole_ = 0;  ///< with its head
  wire::stream_frame polled_kind_{};

  stream* find(number n) const;
  stream& start(instant now, number n, std::uint16_t sctp_stream, std::uint64_t send_limit, bool is_probe);
  number begin(instant now, wire::stream_open asked);
  void erase(number n);
  duration idle_time() const { return std::max<duration>(idle_round_trips * round_trip_, shortest_idle); }
  void watch_idle(number n, stream& s, bool used);
  void leave_idle(stream& s);
  void schedule(number n, stream& s);
  void finish_if_done(number n, stream& s);
  void confirm_taken(number n, stream& s, std::uint64_t offset);
  std::optional<outgoing> next_message();
  outgoing compose(number n, stream& s);
  void handle_stream_sent();
  void tell_readable(number n, stream& s);
  void violate(const char* what) { events_.emplace_back(violation{what}); }

  void handle(instant now, std::uint16_t sctp_stream, const wire::stream_open& m);
  void handle(const wire::stream_accept& m);
  void handle(const wire::stream_refuse& m);
  void handle(const wire::stream_fin& m);
  void handle(const wire::stream_rst& m);
  void handle(const wire::stream_credit& m);
  void handle(const wire::stream_return& m);
  void handle(const wire::stream_probed& m);
  void handle(const wire::stream_taken& m);
  void handle_data(instant now, number n, bytes&& message);
};

}  // namespace gof::core
