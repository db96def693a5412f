#pragma once

#include "base/bytes.hpp"
#include "sctp/chunk.hpp"

#include <cstdint>
#include <deque>
#include <optional>

namespace gof::sctp {

/// What is in flight on one association, derived from its packets: usrsctp reports only counts of chunks,
/// with one call for each. Only for packets that passed the filter. No I/O, no clock.
class flight {
 public:
  /// usrsctp has accepted a message of this size.
  void handle_message(std::size_t size) { unacknowledged_ += size; }

  struct content {
    bool has_data = false;
    std::optional<std::uint32_t> last_tsn;  ///< of the DATA chunks that were never sent before
  };
  /// A packet to be sent, in the order in which usrsctp makes them.
  content handle_sent(const_bytes packet);

  void handle_received(const_bytes packet);

  std::size_t unacknowledged() const { return unacknowledged_; }

  /// The total number of chunks that are known to have arrived.
  std::uint64_t arrived() const { return arrived_; }

  /// Whether the other side is known to have this chunk and all before it.
  bool is_covered(std::uint32_t tsn) const {
    return started_ && static_cast<std::int32_t>(tsn - first_tsn_) < 0;
  }

  /// Whether DATA has arrived after the last SACK that was sent.
  bool sack_owed() const { return sack_owed_; }

 private:
  bool handle_sent_data(std::uint32_t tsn, std::size_t size);
  void handle_cumulative(std::uint32_t tsn);

  std::size_t unacknowledged_ = 0;
  std::uint64_t arrived_ = 0;
  bool sack_owed_ = false;
  /// Payload sizes of the chunks from first_tsn_ on. At most as many as usrsctp queues (settings:
  /// chunks_on_queue).
  std::deque<std::uint32_t> sizes_;
  std::uint32_t first_tsn_ = 0;
  bool started_ = false;
};

}  // namespace gof::sctp
