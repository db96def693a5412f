#include "link/liveness.hpp"

namespace gof::core {

void liveness::start(instant now) {
  due_ = now;
}

void liveness::handle_received(instant now) {
  if (!due_) return;
  misses_ = 0;
  awaiting_ = false;
  due_ = now + idle_interval;
}

void liveness::handle_sent(instant now) {
  if (!due_ || awaiting_ || misses_ > 0) return;
  awaiting_ = true;
  due_ = now + busy_interval;
}

void liveness::handle_pong(instant now, std::uint32_t token) {
  if (token != token_) return;
  const duration sample = now - pinged_;
  round_trip_ = round_trip_ ? (*round_trip_ * 7 + sample) / 8 : sample;
}

void liveness::doubt(instant now) {
  if (due_ && misses_ == 0) due_ = std::min(*due_, now);
}

std::optional<std::uint32_t> liveness::poll_ping(instant now) {
  if (!due_ || now < *due_) return std::nullopt;
  ++misses_;
  due_ = now + busy_interval;
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
