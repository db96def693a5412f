#pragma once

#include "mux/stream.hpp"
#include "wire/stream.hpp"

#include <boost/intrusive/list.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace gof::core {

/// Chooses which message is next: CREDIT first, then refusals, then streams in turn with equal shares
/// (deficit round robin). A stream that had nothing to send comes before those that wait for their next turn,
/// so that what is small does not wait for bulk; as in FQ-CoDel (RFC 8290, 4.2). It does not own streams; a
/// stream that is destroyed leaves its queues by itself.
class scheduler {
 public:
  /// The answer to an opening for which no stream was made.
  struct refusal {
    std::uint16_t sctp_stream;
    wire::stream_refuse message;
  };
  enum class source { none, credit, refusal, stream };
  struct choice {
    source from = source::none;
    mux_stream* of = nullptr;  ///< the stream that CREDIT or the message is for
  };

  /// Appends a stream, if it has something to send and is not queued.
  void add(mux_stream& s) {
    if (!s.ready_place.is_linked() && s.sendable()) fresh_.push_back(s);
  }
  void add_credit(mux_stream& s) {
    if (!s.credit_place.is_linked()) credit_.push_back(s);
  }
  /// False: too many are queued.
  [[nodiscard]] bool add(const refusal& r);

  /// The choice is kept until handle_sent(); no stream may be destroyed before that.
  choice next();
  /// The message to send if next() chose a refusal.
  const refusal& next_refusal() const { return refusals_.front(); }
  /// What next() chose was sent. If it is a stream's message, charge() must follow.
  choice handle_sent();
  /// Charges a message with this much data. False: the stream has nothing more to send.
  [[nodiscard]] bool charge(mux_stream& s, std::size_t data);
  /// The bytes of a turn, if the path is slow; at most `quantum`.
  void limit_turns(std::size_t bytes) { turn_ = std::min(quantum, static_cast<std::ptrdiff_t>(bytes)); }

  static constexpr std::size_t most_refusals = 16'384;  ///< a peer that opens more is hostile
  static constexpr std::ptrdiff_t quantum = 65'536;     ///< bytes: a large message, or several small ones
  static constexpr int most_fresh_turns = 8;            ///< in a row, while others wait for their next turn
  static constexpr std::ptrdiff_t overhead = 64;        ///< bytes added for each message, roughly

 private:
  template <line_place mux_stream::*Place>
  using line =
      boost::intrusive::list<mux_stream, boost::intrusive::member_hook<mux_stream, line_place, Place>,
                             boost::intrusive::constant_time_size<false>>;

  using turns = line<&mux_stream::ready_place>;
  turns fresh_;                             ///< in their first turn; each stream here or in ready_, once
  turns ready_;                             ///< some have nothing to send, as they just had their first turn
  line<&mux_stream::credit_place> credit_;  ///< each stream once
  bool is_fresh_ = false;                   ///< the chosen one
  int fresh_turns_ = 0;                     ///< since one of ready_ was chosen
  std::ptrdiff_t turn_ = quantum;
  std::deque<refusal> refusals_;  ///< at most `most_refusals`
  choice polled_;

  turns& next_turns();
  /// Does not read back `polled_`: loading two fields that were just written as one is slow.
  choice choose(source from, mux_stream* of) {
    polled_.from = from;
    polled_.of = of;
    return {from, of};
  }
};

}  // namespace gof::core
