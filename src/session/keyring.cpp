#include "session/keyring.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace gof::core {

using secure::side;
using secure::tls;

// ---- the attempt

void keyring::begin(instant now, const session_credentials& with) {
  renew_at_.reset();
  auto id = random_.draw<attempt::attempt_id>();
  const auto taken = [&](const std::optional<keyset>& keys) {
    return keys && keys->phase() == (id.value.back() & 3);
  };
  while (taken(current_) || taken(previous_)) ++id.value.back();
  attempt_.emplace(now, self_, side::client, id, with);
}

bool keyring::handle_crypto(instant now, const wire::crypto& message, const session_credentials& with) {
  const bool known = attempt_ && attempt_->exchange().attempt() == message.attempt;
  if (!known) {
    if (message.role != static_cast<std::uint8_t>(side::client)) return false;
    if (attempt_ && attempt_->exchange().role() == side::client &&
        attempt_->exchange().attempt() < message.attempt)
      return false;
    next_.reset();
    attempt_.emplace(now, self_, side::server, message.attempt, with);
  }
  attempt_->handle_crypto(now, message);
  return !known;
}

std::optional<wire::crypto> keyring::poll_crypto(instant now, const node_id& source,
                                                 const node_id& destination) {
  return attempt_ ? attempt_->poll_crypto(now, source, destination) : std::nullopt;
}

const std::string* keyring::failure() const {
  const bool failed = attempt_ && attempt_->exchange().status() == tls::state::failed;
  return failed ? &attempt_->exchange().failure() : nullptr;
}

const secure::session_keys* keyring::agreed() const {
  if (!attempt_ || next_) return nullptr;
  const auto& exchange = attempt_->exchange();
  if (exchange.status() != tls::state::done) return nullptr;
  if (current_ && attempt_->phase() == current_->phase() && exchange.role() == side::client) return nullptr;
  return &exchange.keys();
}

const keyset& keyring::adopt() {
  const auto& exchange = attempt_->exchange();
  return next_.emplace(exchange.keys(), exchange.role(), attempt_->phase());
}

void keyring::drop_attempt() {
  attempt_.reset();
  next_.reset();
}

bool keyring::drop_expired(instant now) {
  if (!attempt_ || !attempt_->expired(now)) return false;
  drop_attempt();
  renew_at_ = now + attempt::time_limit;
  return true;
}

// ---- the keys

keyset* keyring::open(const wire::packet& head, wire::frame_type type, mutable_bytes sealed) {
  std::array<keyset*, 3> candidates{};
  std::size_t count = 0;
  for (auto* keys : {&current_, &next_, &previous_})
    if (*keys && (*keys)->phase() == head.phase) candidates[count++] = &**keys;
  if (count == 1) return candidates[0]->open(head, type, sealed) ? candidates[0] : nullptr;
  const bytes copy(sealed.begin(), sealed.end());  // a failed attempt to open overwrites the buffer
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) std::copy(copy.begin(), copy.end(), sealed.begin());
    if (candidates[i]->open(head, type, sealed)) return candidates[i];
  }
  return nullptr;
}

void keyring::seal(const wire::packet& head, wire::frame_type type, std::uint8_t kind, const_bytes body,
                   mutable_bytes out) {
  for (auto* keys : {&current_, &next_, &previous_})
    if (*keys && (*keys)->phase() == head.phase) return (*keys)->seal(head, type, kind, body, out);
  assert(false);
}

void keyring::promote(instant now) {
  if (current_) {
    previous_ = std::move(current_);
    previous_until_ = now + old_keys_time;
  }
  current_ = std::move(next_);
  next_.reset();
  attempt_.reset();
  if (current_->role() == side::client) renew_at_ = now + key_lifetime;
}

void keyring::drop_current() {
  current_.reset();
  previous_.reset();
}

// ---- their age

void keyring::renew_if_worn() {
  if (!attempt_ && !next_ && current_ && current_->sealed() >= packets_per_key) renew_at_ = instant{};
}

void keyring::handle_timeout(instant now) {
  if (attempt_) attempt_->handle_timeout(now);
  if (previous_ && now >= previous_until_) previous_.reset();
}

std::optional<instant> keyring::poll_timeout() const {
  auto due = attempt_ ? attempt_->poll_timeout() : std::nullopt;
  if (previous_ && (!due || previous_until_ < *due)) due = previous_until_;
  return due;
}

}  // namespace gof::core
