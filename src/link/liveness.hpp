#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <optional>

namespace gof::core {

/// When a link is asked whether it lives, and when it is held for dead. Anything that comes in is life; a
/// ping goes out 1 s after something was sent and nothing came back, 5 s after the last sign otherwise, and
/// then every second.
class liveness {
 public:
  static constexpr duration busy_interval = 1s;
  static constexpr duration idle_interval = 5s;
  static constexpr unsigned most_misses = 3;
  /// Our own loop was late by more than this: it is we who slept, so the other side gets a new chance.
  static constexpr duration own_lateness = 500ms;

  void start(instant now);
  void handle_received(instant now);
  void handle_sent(instant now);
  void handle_pong(instant now, std::uint32_t token);
  /// Somebody above misses answers: ask now.
  void doubt(instant now);

  /// Whether a ping is to be sent now; counts it as sent. Call dead() first.
  std::optional<std::uint32_t> poll_ping(instant now);
  bool dead(instant now);
  std::optional<instant> poll_timeout() const;
  std::optional<duration> round_trip() const { return round_trip_; }

 private:
  std::optional<instant> due_;
  bool awaiting_ = false;  ///< sent something since the last sign of life
  unsigned misses_ = 0;
  std::uint32_t token_ = 0;
  instant pinged_{};
  std::optional<duration> round_trip_;
};

}  // namespace gof::core
