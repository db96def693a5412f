#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <optional>

namespace gof::core {

/// When a link is asked whether it lives, and when it is held for dead. Anything that comes in is life; a
/// ping goes out 1 s after something was sent and nothing came back, 5 s after the last sign otherwise, and
/// then every second, or sooner while somebody waits for what the link carries.
class liveness {
 public:
  static constexpr duration busy_interval = 1s;
  static constexpr duration idle_interval = 5s;
  /// Between pings while somebody waits, if two round trips are shorter: with the first after 1 s a link
  /// whose other side is silent is down within 3 s.
  static constexpr duration hurried_interval = 500ms;
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
  bool doubted_ = false;   ///< since the last sign of life
  unsigned misses_ = 0;
  std::uint32_t token_ = 0;
  instant pinged_{};
  std::optional<duration> round_trip_;

  duration patience() const;
};

}  // namespace gof::core
