#include "link/handshake.hpp"

#include "link/seal.hpp"
#include "secure/crypto_mac.hpp"

#include <utility>

namespace gof::core {

using wire::frame_type;

void handshake::start(instant now, const attempt_id& attempt) {
  exchange_.emplace(now, *self_, role_, attempt, secure::exchange::delivery::reliable);
}

handshake::outcome handshake::handle_crypto(instant now, const_bytes payload) {
  const auto message = wire::crypto::decode(payload);
  if (!message || !secure::verify(credentials_.key, *message, frame_type::crypto, {}, {}))
    return fail("a malformed handshake message");
  const bool from_client = message->role == static_cast<std::uint8_t>(secure::side::client);
  if (!exchange_ && role_ == secure::side::server && from_client) start(now, message->attempt);
  if (!exchange_) return outcome::goes_on;
  const bool was_agreed = is_agreed();
  exchange_->handle_crypto(now, *message);
  if (exchange_->status() == secure::tls::state::failed)
    return fail("the handshake failed: " + exchange_->failure());
  return is_agreed() && !was_agreed ? outcome::agreed : outcome::goes_on;
}

buffer handshake::poll_transmit(instant now) {
  buffer out;
  while (exchange_) {
    auto message = exchange_->poll_crypto(now);
    if (!message) break;
    message->key = credentials_.kind;
    message->grant = credentials_.grant;
    secure::sign(credentials_.key, *message, frame_type::crypto, {}, {});
    append_clear_frame(out, frame_type::crypto, message->encode());
  }
  return out;
}

handshake::outcome handshake::fail(std::string why) {
  failure_ = std::move(why);
  return outcome::failed;
}

}  // namespace gof::core
