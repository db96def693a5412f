#pragma once

#include "base/id.hpp"
#include "base/take_first.hpp"
#include "base/time.hpp"
#include "mux/credit_budget.hpp"
#include "mux/idle_queue.hpp"
#include "mux/mux_event.hpp"
#include "mux/scheduler.hpp"
#include "mux/sctp_load.hpp"
#include "mux/stream.hpp"
#include "wire/stream.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace gof::core {

/// Byte streams over the ordered messages of one association: openings and answers, data under credit, ends
/// and resets, and fair turns (deficit round robin). Sans-I/O by the core contract. gof-protocol(7), STREAMS.
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
  using outgoing = stream_output;

  /// `sctp_streams`: 0 carries CREDIT, the others carry streams. Receive windows count for `key`.
  mux(bool is_client, std::uint16_t sctp_streams, std::size_t largest_message, credit_budget& budget,
      const credit_key& key);

  // ---- commands. A number that is unknown or no longer in use is ignored (false, 0, empty).
  /// If the budget has no room for its window, it is refused as busy and nothing is sent.
  number open(instant now, const std::string& service, const grant_id& grant, const grant_mac& mac,
              wire::open_options options = {});
  number probe(instant now, const std::string& service, const grant_id& grant, const grant_mac& mac,
               wire::open_options options = {});
  void accept(number stream);
  void confirm(number stream);
  void refuse(number stream, wire::reason why, const std::string& text);
  std::size_t write(number stream, const_bytes data);
  /// Room to write to in place, followed by commit() with how much of it was written.
  mutable_bytes prepare(number stream, std::size_t size);
  void commit(number stream, std::size_t size);
  /// Whether write() would take this much at once. If not, `writable` follows once it may.
  bool await_room(number stream, std::size_t size);
  void finish(number stream);
  /// Ends both directions after all that was written, and after `more` bytes that are still to be written:
  /// write() takes these, until they are complete or a second call aborts.
  void reset(number stream, wire::reason why, std::uint64_t more = 0);
  /// Ends both directions, and drops what was not sent yet.
  void abort(number stream, wire::reason why);
  /// From now on bytes count as taken only once taken() says so, not when they are consumed.
  void hold_taken(number stream);
  void taken(number stream, std::uint64_t offset);
  const_bytes front(number stream) const;
  std::size_t front(number stream, std::span<const_bytes> into) const;
  void consume(instant now, number stream, std::size_t size);
  bool at_end(number stream) const;

  // ---- inputs
  void handle_message(instant now, std::uint16_t sctp_stream, std::uint32_t kind, buffer&& data);
  void handle_round_trip(duration smoothed) { round_trip_ = smoothed; }
  /// All bytes that were sent have arrived, except for this many.
  void handle_arrived(instant now, std::size_t unacknowledged) { idle_.handle_arrived(now, unacknowledged); }
  void handle_timeout(instant now);
  /// Whether the peer runs on our host. Unless that is proved, openings do not mention the host.
  void handle_same_host(bool proved) { same_host_ = proved; }

  /// The most data in one message, and in one stream's turn, from now on.
  void limit_messages(std::size_t data);

  // ---- outputs
  std::optional<outgoing> poll_message();
  void handle_sent();
  std::optional<event> poll_event() { return take_first(events_); }
  /// Empty: no stream has credit to give back.
  std::optional<instant> poll_timeout() const;

  std::size_t size() const { return streams_.size(); }
  /// Whether a stream that is opened now gets its window.
  bool admits_stream() const { return share_.admits_stream(); }
  std::size_t held_bytes() const;
  std::vector<number> numbers() const;

  static constexpr std::size_t most_streams = 16'384;  ///< beyond that, openings are refused as busy
  /// After this time a stream that has nothing to send, and whose bytes have all arrived, gives its credit
  /// back. It is some round trips, as TCP forgets its window after an idle retransmission timeout, usually
  /// 200 ms or more. The timer fires a quarter later, so that streams that become idle one after another
  /// share it.
  static constexpr int idle_round_trips = 4;
  static constexpr duration shortest_idle = 200ms;

 private:
  bool is_client_;
  std::size_t largest_message_;
  std::size_t most_data_ = largest_message_;
  credit_share share_;
  duration round_trip_{};
  bool same_host_ = false;
  bool is_quick_ = false;  ///< the path is long, and the last window that was used up on it was too small
  number next_;
  std::unordered_map<number, std::unique_ptr<mux_stream>> streams_;  ///< the peer may open `most_streams`
  sctp_load load_;
  scheduler turns_;
  idle_queue idle_;
  mux_event::queue events_;
  wire::stream_frame polled_kind_{};
  std::size_t polled_whole_ = 0;  ///< size of the message, head included
  std::size_t polled_data_ = 0;   ///< of these, the bytes of the stream

  mux_stream* find(number n) const;
  mux_stream& start(instant now, number n, std::uint16_t sctp_stream, std::uint64_t send_limit,
                    bool is_probe);
  number begin(instant now, wire::stream_open asked);
  std::size_t first_window() const;
  void erase(mux_stream& s);
  duration idle_time() const { return std::max<duration>(idle_round_trips * round_trip_, shortest_idle); }
  void watch_idle(mux_stream& s, bool used);
  void leave_idle(mux_stream& s);
  void settle(mux_stream& s);
  outgoing compose(const scheduler::choice& next);
  void handle_stream_sent(mux_stream& s);
  void handle_open(instant now, std::uint16_t sctp_stream, const wire::stream_open& m);
  void violate(const char* what) { events_.emplace_back(violation{what}); }
};

}  // namespace gof::core
