#pragma once

#include "base/bytes.hpp"
#include "sctp/chunk.hpp"

#include <cstdint>
#include <deque>
#include <optional>

namespace gof::sctp {

/// What is under way on one association, read off its packets: usrsctp tells counts of chunks only, for a
/// call each. Only packets that passed the filter may be given. Pure.
class flight {
 public:
  /// usrsctp took a message of this size.
  void handle_message(std::size_t size) { unacknowledged_ += size; }

  struct content {
    bool has_data = false;
    std::optional<std::uint32_t> last_tsn;  ///< of the DATA that never went out before
  };
  /// A packet on its way out, in the order usrsctp made them.
  content handle_sent(const_bytes packet);

  void handle_received(const_bytes packet);

  std::size_t unacknowledged() const { return unacknowledged_; }

  /// Chunks that are known to have arrived, ever.
  std::uint64_t arrived() const { return arrived_; }

  /// The other side is known to have this one and all before.
  bool is_covered(std::uint32_t tsn) const {
    return started_ && static_cast<std::int32_t>(tsn - first_tsn_) < 0;
  }

  /// DATA came that no SACK of ours followed.
  bool sack_owed() const { return sack_owed_; }

 private:
  bool handle_sent_data(std::uint32_t tsn, std::size_t size);
  void handle_cumulative(std::uint32_t tsn);

  std::size_t unacknowledged_ = 0;
  std::uint64_t arrived_ = 0;
  bool sack_owed_ = false;
  /// Payload sizes of the chunks from first_tsn_ on. Never more than usrsctp queues: settings'
  /// chunks_on_queue.
  std::deque<std::uint32_t> sizes_;
  std::uint32_t first_tsn_ = 0;
  bool started_ = false;
};

}  // namespace gof::sctp
