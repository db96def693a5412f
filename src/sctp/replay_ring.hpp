#pragma once

#include "sctp/association.hpp"
#include "sctp/flight.hpp"

#include <deque>

namespace gof::sctp {

/// Packets that went out and are not known to have arrived, oldest first: a way that breaks takes them with
/// it, and SCTP's own timer finds out only after a second or ten. Repeats are harmless, for TSNs tell them.
/// Pure.
class replay_ring {
 public:
  static bool wants(const packet& written, const flight& under_way) {
    return written.opens || (written.last_tsn && !under_way.is_covered(*written.last_tsn));
  }

  void keep(packet&& written);
  /// The next one that has arrived meanwhile.
  std::optional<packet> poll_arrived(const flight& under_way);
  /// The association stands: what opened it was answered.
  std::optional<packet> poll_answered();
  /// All, oldest first.
  std::deque<packet> take();

  std::size_t size() const { return size_; }

 private:
  std::optional<packet> opening_;  ///< the last: an earlier one has no use any more
  std::deque<packet> kept_;
  std::size_t size_ = 0;  ///< settings::replay_space of all associations
};

}  // namespace gof::sctp
