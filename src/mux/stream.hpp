#pragma once

#include "base/buffer.hpp"
#include "base/time.hpp"
#include "mux/idle_queue.hpp"
#include "mux/mux_event.hpp"
#include "mux/receiving.hpp"
#include "mux/sending.hpp"
#include "wire/stream.hpp"

#include <boost/intrusive/list_hook.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace gof::core {

/// A message for the association. It stays the same until handle_sent(). Its pointers are valid until the
/// next call.
struct stream_output {
  std::uint16_t sctp_stream = 0;
  wire::stream_frame kind{};
  bytes made;          ///< for anything but DATA
  const_bytes waited;  ///< for DATA, in the buffer of the stream

  const_bytes whole() const { return made.empty() ? waited : const_bytes(made); }
};

/// A place in one of the scheduler's queues; a stream that is destroyed leaves it by itself.
using line_place =
    boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// One byte stream of a mux: its opening or answer, data in both directions under credit, and its ends. Any
/// call that is not const may make it sendable(), or end it.
struct mux_stream {
  struct last {
    wire::reason why;
    std::uint64_t offset;
    bool told = false;
  };

  mux_stream(instant now, credit_share& share, wire::stream_number n, std::uint64_t send_limit,
             std::size_t largest_message, std::size_t window)
      : number(n),
        out(send_limit, wire::stream_data::head_size, largest_message - wire::stream_data::head_size),
        in(now, share, window) {}

  wire::stream_number number;
  std::uint16_t sctp_stream = 0;
  bool ours = false;
  bool is_probe = false;
  bool accepted = false;
  bool abandoned = false;  ///< released by the local side; only its last frames are still to be sent
  bool over = false;       ///< finished: its owner drops it
  bool holds_taken = false;
  // Large, and there for a moment only.
  std::unique_ptr<wire::stream_open> opening;    ///< ours, not sent yet
  std::unique_ptr<wire::stream_message> answer;  ///< theirs: ACCEPT, REFUSE or PROBED, not sent yet
  std::optional<last> rst;                       ///< our reset
  std::optional<last> peer_rst;
  std::uint64_t taken_there = 0;
  std::uint64_t taken_told = 0;
  sending out;
  receiving in;
  bool told_readable = false;
  bool return_due = false;                      ///< unrenewed by then: the session ends
  std::optional<idle_queue::place> idle_place;  ///< in the mux's queue
  // Used by the scheduler.
  line_place ready_place;
  line_place credit_place;
  std::ptrdiff_t deficit = 0;

  // ---- commands; false: not possible now, and nothing changed
  bool accept();
  bool confirm();
  bool refuse(wire::reason why, const std::string& text);
  /// See mux::reset() and mux::abort().
  void reset(wire::reason why, std::uint64_t more);
  void abort(wire::reason why);

  void consume(instant now, std::size_t size, duration round_trip, mux_event::queue& events);
  void handle_taken(std::uint64_t offset, mux_event::queue& events);

  // ---- what the other side says
  void handle(const wire::stream_accept& m, mux_event::queue& events);
  void handle(const wire::stream_refuse& m, mux_event::queue& events);
  void handle(const wire::stream_probed& m, mux_event::queue& events);
  void handle(const wire::stream_fin& m, mux_event::queue& events);
  void handle(const wire::stream_taken& m, mux_event::queue& events);
  void handle(const wire::stream_rst& m, mux_event::queue& events);
  void handle(const wire::stream_credit& m, mux_event::queue& events);
  void handle(const wire::stream_return& m, mux_event::queue& events);
  /// Takes a whole DATA message.
  void handle_data(instant now, buffer&& message, mux_event::queue& events);

  // ---- outputs
  bool sendable() const {
    if (opening || answer || (rst && !rst->told)) return true;
    return may_send_data() && (out.has_next() || out.finish_due() || taken_due() || gives_back());
  }
  /// Its next message, while sendable(), with at most so much data. `same_host`: the opening may name our
  /// host.
  stream_output next(bool same_host, std::size_t most_data);
  /// That message was sent, with this many bytes of data.
  void handle_sent(wire::stream_frame kind, std::size_t data, mux_event::queue& events);
  /// Sets `over`, and reports `done` or `reset_by_peer`, if nothing is left to send or to read.
  void finish_if_done(mux_event::queue& events);
  /// RETURN is sent only after ACCEPT: the credit in ACCEPT must not arrive later.
  bool may_give_back() const { return accepted && !answer && !abandoned && out.may_give_back(); }

 private:
  bool may_send_data() const { return ours ? !opening : accepted && !answer; }
  bool gives_back() const { return return_due && may_give_back(); }
  /// Not due if FIN can carry it: then it needs no frame of its own.
  bool taken_due() const {
    return in.finished() && in.taken() == in.received() && taken_told < in.taken() && !rst && !peer_rst;
  }
  bool reset_is_over() const { return rst && rst->told && out.sent() == rst->offset; }
  bool peer_reset_is_over() const { return peer_rst && in.received() == peer_rst->offset && in.held() == 0; }
  bool may_be_reset_at(std::uint64_t offset) const;
  bool is_done() const;
  void confirm_taken(std::uint64_t offset, mux_event::queue& events);
  void tell_readable(mux_event::queue& events);
};

}  // namespace gof::core
