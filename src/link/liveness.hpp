#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <optional>

namespace gof::core {

/// When to ping a link, and when it counts as dead. Anything that arrives is a sign of life. A ping is sent
/// 1 s after the first unanswered packet, or else 5 s after the last sign of life, and from then on every
/// second, or faster while somebody waits for the link.
class liveness {
 public:
  static constexpr duration busy_interval = 1s;
  static constexpr duration idle_interval = 5s;
  /// Between pings while somebody waits, if two round trips are shorter. With the first ping after 1 s, a
  /// link whose other side is silent is down within 3 s.
  static constexpr duration hurried_interval = 500ms;
  static constexpr unsigned most_misses = 3;
  /// If our own timer was late by more than this, this process slept, and the other side gets another chance.
  static constexpr duration own_lateness = 500ms;

  void start(instant now);
  void handle_received(instant now);
  void handle_sent(instant now);
  void handle_pong(instant now, std::uint32_t token);
  /// An answer over this link is missing: pings at once.
  void doubt(instant now);

  /// The token of a ping that is due now, which then counts as sent; empty: none is. Call dead() first.
  std::optional<std::uint32_t> poll_ping(instant now);
  bool dead(instant now);
  std::optional<instant> poll_timeout() const;
  std::optional<duration> round_trip() const { return round_trip_; }

 private:
  std::optional<instant> due_;
  bool awaiting_ = false;  ///< a packet was sent since the last sign of life
  bool doubted_ = false;   ///< doubt() was called since the last sign of life
  unsigned misses_ = 0;
  std::uint32_t token_ = 0;
  instant pinged_{};
  std::optional<duration> round_trip_;

  duration patience() const;
};

}  // namespace gof::core
