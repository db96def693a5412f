#pragma once

#include "base/time.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace gof::core {

/// Notices a way that answers probes and does not carry data: a broken relay, or one that chooses what it
/// drops. A crowded way looks alike for a while, so each verdict makes the next one take twice as long, until
/// something arrives.
class starvation {
 public:
  static constexpr duration first_patience{2s};
  static constexpr duration longest_patience{64s};
  static constexpr int round_trips = 8;  ///< of patience at least, on a long way

  /// `waiting`: data went out that are not known to have arrived. `arrived`: how much ever did. True: now is
  /// the time to doubt the way.
  bool handle(instant now, bool waiting, std::uint64_t arrived, duration round_trip) {
    if (!waiting || arrived != arrived_) {
      arrived_ = arrived;
      since_.reset();
      patience_ = first_patience;
    }
    if (!waiting) return false;
    if (!since_) since_ = now;
    if (now < *since_ + std::max<duration>(patience_, round_trips * round_trip)) return false;
    patience_ = std::min<duration>(2 * patience_, longest_patience);
    since_ = now;
    return true;
  }

  /// Another way gets its own chance.
  void handle_switch() { since_.reset(); }

 private:
  std::uint64_t arrived_ = 0;
  std::optional<instant> since_;
  duration patience_ = first_patience;
};

}  // namespace gof::core
