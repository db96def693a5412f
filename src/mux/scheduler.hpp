#pragma once

#include "mux/stream.hpp"
#include "wire/stream.hpp"

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>

namespace gof::core {

/// Whose message is the next: CREDIT first, then refusals, then streams in turn, each as much as the others
/// (deficit round robin). It owns no stream; one that goes leaves its lines by itself.
class scheduler {
 public:
  /// Of an opening that was never made a stream.
  struct refusal {
    std::uint16_t sctp_stream;
    wire::stream_refuse message;
  };
  enum class source { none, credit, refusal, stream };
  struct choice {
    source from = source::none;
    mux_stream* of = nullptr;  ///< CREDIT for it, or a message of its own
  };

  /// At the end, if it has something to send and is not in line.
  void add(mux_stream& s) {
    if (!s.ready_place.is_linked() && s.sendable()) ready_.push_back(s);
  }
  void add_credit(mux_stream& s) {
    if (!s.credit_place.is_linked()) credit_.push_back(s);
  }
  /// False: too many wait.
  [[nodiscard]] bool add(const refusal& r);

  /// Stays until handle_sent(); no stream may go in between.
  choice next();
  /// What to send if next() chose a refusal.
  const refusal& next_refusal() const { return refusals_.front(); }
  /// What next() chose was sent. A message of a stream is still to be charged, once the stream knows.
  choice handle_sent();
  /// So much of the message was data. False: the stream has nothing more to send.
  [[nodiscard]] bool charge(mux_stream& s, std::size_t data);

  static constexpr std::size_t most_refusals = 16'384;  ///< a peer that asks on is hostile
  static constexpr std::ptrdiff_t quantum = 65'536;     ///< one large message, or as much in small ones
  static constexpr std::ptrdiff_t overhead = 64;        ///< of a message, about

 private:
  template <line_place mux_stream::*Place>
  using line =
      boost::intrusive::list<mux_stream, boost::intrusive::member_hook<mux_stream, line_place, Place>,
                             boost::intrusive::constant_time_size<false>>;

  line<&mux_stream::ready_place> ready_;    ///< each stream once
  line<&mux_stream::credit_place> credit_;  ///< each stream once
  std::deque<refusal> refusals_;            ///< at most `most_refusals`
  choice polled_;

  /// Not read back from `polled_`: two parts just written are slow to load as one.
  choice choose(source from, mux_stream* of) {
    polled_.from = from;
    polled_.of = of;
    return {from, of};
  }
};

}  // namespace gof::core
