#include "link/liveness.hpp"

#include <algorithm>
#include <utility>

namespace gof::core {

void liveness::start(instant now) {
  due_ = now;
}

void liveness::handle_received(instant now) {
  if (!due_) return;
  misses_ = 0;
  awaiting_ = doubted_ = false;
  // The first ping is sent in any case: routes need the link's round trip.
  if (token_ > 0) due_ = now + idle_interval;
}

void liveness::handle_sent(instant now) {
  if (!due_ || std::exchange(awaiting_, true) || misses_ > 0) return;
  due_ = std::min(*due_, now + busy_interval);
}

void liveness::handle_pong(instant now, std::uint32_t token) {
  if (token != token_) return;
  const duration sample = now - pinged_;
  round_trip_ = round_trip_ ? (*round_trip_ * 7 + sample) / 8 : sample;
}

void liveness::doubt(instant now) {
  if (!due_ || std::exchange(doubted_, true)) return;
  due_ = std::min(*due_, misses_ == 0 ? now : std::max(now, pinged_ + patience()));
}

/// How long to wait for the answer to a ping.
duration liveness::patience() const {
  if (!round_trip_ || !(awaiting_ || doubted_)) return busy_interval;
  return std::clamp<duration>(2 * *round_trip_, hurried_interval, busy_interval);
}

std::optional<std::uint32_t> liveness::poll_ping(instant now) {
  if (!due_ || now < *due_) return std::nullopt;
  ++misses_;
  due_ = now + patience();
  pinged_ = now;
  return ++token_;
}

bool liveness::dead(instant now) {
  if (!due_ || now < *due_ || misses_ < most_misses) return false;
  if (now <= *due_ + own_lateness) return true;
  misses_ = most_misses - 1;
  return false;
}

std::optional<instant> liveness::poll_timeout() const {
  return due_;
}

}  // namespace gof::core
