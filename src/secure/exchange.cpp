#include "secure/exchange.hpp"

#include <array>
#include <cassert>
#include <limits>

namespace gof::secure {
namespace {

/// Times to wait for an acknowledgement. They double while this path may still be tried (3.5 s in total).
constexpr std::array<duration, 3> repeat_after{500ms, 1s, 2s};

/// Limit for one attempt: if no answer came by then, the other side has given up.
constexpr duration attempt_limit = 10s;

/// Offsets have 16 bits on the wire; a handshake needs about 1,300 bytes, and an alert.
constexpr std::size_t most_offset = std::numeric_limits<std::uint16_t>::max();

constexpr side other(side role) {
  return role == side::client ? side::server : side::client;
}

}  // namespace

exchange::exchange(instant now, const identity& self, side role, const attempt_id& attempt, delivery path)
    : tls_(self, role), role_(role), path_(path), attempt_(attempt), last_repeat_(now + attempt_limit) {
  collect();
}

void exchange::handle_crypto(instant now, const wire::crypto& message) {
  if (message.attempt != attempt_ || message.role != static_cast<std::uint8_t>(other(role_))) return;
  take_acknowledgement(now, message.acknowledged);
  take_piece(message.offset, message.piece);
}

void exchange::take_acknowledgement(instant now, std::size_t offset) {
  if (offset <= acknowledged_ || offset > sent_ever_) return;  // old, or beyond what was sent
  acknowledged_ = offset;
  sent_ = std::max(sent_, acknowledged_);
  repeats_ = 0;
  answered_again_ = false;
  repeat_at_.reset();
  if (acknowledged_ < sent_ && path_ == delivery::lossy) repeat_at_ = now + repeat_after[0];
}

void exchange::take_piece(std::size_t offset, const_bytes piece) {
  if (piece.empty() || offset > received_) return;  // there is a gap before it: it will be repeated
  if (offset + piece.size() > most_offset) return;
  acknowledge_ = true;
  const auto known = received_ - offset;
  if (known >= piece.size()) {
    if (!answered_again_) say_again();  // it repeats: our answer was lost
    answered_again_ = true;
    return;
  }
  tls_.handle_bytes(piece.subspan(known));
  received_ = offset + piece.size();
  collect();
}

void exchange::handle_timeout(instant now) {
  if (!repeat_at_ || now < *repeat_at_) return;
  ++repeats_;
  answered_again_ = false;
  repeat_at_.reset();
  if (now <= last_repeat_) say_again();
}

void exchange::say_again() {
  if (path_ == delivery::lossy) sent_ = acknowledged_;
}

std::optional<wire::crypto> exchange::poll_crypto(instant now) {
  const auto size = std::min(out_.size() - sent_, wire::crypto::largest_piece);
  if (size == 0 && !(acknowledge_ && path_ == delivery::lossy)) return std::nullopt;
  acknowledge_ = false;

  wire::crypto message;
  message.attempt = attempt_;
  message.role = static_cast<std::uint8_t>(role_);
  message.acknowledged = static_cast<std::uint16_t>(received_);
  message.offset = static_cast<std::uint16_t>(sent_);
  message.piece.assign(out_.data() + sent_, out_.data() + sent_ + size);

  sent_ += size;
  sent_ever_ = std::max(sent_ever_, sent_);
  if (size > 0 && path_ == delivery::lossy && !repeat_at_)
    repeat_at_ = now + repeat_after[std::min<std::size_t>(repeats_, repeat_after.size() - 1)];
  return message;
}

std::optional<instant> exchange::poll_timeout() const {
  return repeat_at_;
}

void exchange::collect() {
  append(out_, tls_.poll_bytes());
  assert(out_.size() <= most_offset);  // TLS reads at most `handshake_limit` bytes and answers briefly
}

tls::state exchange::status() const {
  return tls_.status();
}

const std::string& exchange::failure() const {
  return tls_.failure();
}

const session_keys& exchange::keys() const {
  return tls_.keys();
}

side exchange::role() const {
  return role_;
}

const exchange::attempt_id& exchange::attempt() const {
  return attempt_;
}

}  // namespace gof::secure
