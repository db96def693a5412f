#pragma once

#include "base/time.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace gof::core {

/// Detects a path that answers probes but carries no data: a broken relay, or one that picks what it drops. A
/// congested path looks the same for a while, so the patience doubles with each verdict, until something
/// arrives.
class starvation {
 public:
  static constexpr duration first_patience{2s};
  static constexpr duration longest_patience{64s};
  static constexpr int round_trips = 8;  ///< the least patience, on a long path

  /// `waiting`: some data that was sent is not acknowledged. `arrived`: bytes acknowledged so far. True: the
  /// path should be doubted now.
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

  /// A new path gets a fresh chance.
  void handle_switch() { since_.reset(); }

 private:
  std::uint64_t arrived_ = 0;
  std::optional<instant> since_;
  duration patience_ = first_patience;
};

}  // namespace gof::core
