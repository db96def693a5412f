#pragma once

#include "sctp/association.hpp"
#include "sctp/flight.hpp"

#include <deque>

namespace gof::sctp {

/// Packets that were sent and are not known to have arrived, oldest first. If the path breaks they are lost
/// with it, and SCTP's own timer would notice only after one to ten seconds. Repeating one that has arrived
/// is harmless: its TSN shows that it is a copy. No I/O, no clock.
class replay_ring {
 public:
  static bool wants(const packet& written, const flight& under_way) {
    return written.opens || (written.last_tsn && !under_way.is_covered(*written.last_tsn));
  }

  void keep(packet&& written);
  /// The next packet that has arrived since it was kept.
  std::optional<packet> poll_arrived(const flight& under_way);
  /// The association is up, so its opening packet was answered.
  std::optional<packet> poll_answered();
  /// All packets, oldest first.
  std::deque<packet> take();

  std::size_t size() const { return size_; }

 private:
  std::optional<packet> opening_;  ///< only the last one: earlier ones are of no use
  std::deque<packet> kept_;
  std::size_t size_ = 0;  ///< of all associations together at most settings::replay_space
};

}  // namespace gof::sctp
