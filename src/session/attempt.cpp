#include "session/attempt.hpp"

namespace gof::core {

attempt::attempt(instant now, const secure::identity& self, secure::side role, const attempt_id& id,
                 const session_credentials& with)
    : exchange_(now, self, role, id, secure::exchange::delivery::lossy),
      credentials_(with),
      deadline_(now + time_limit) {}

std::optional<wire::crypto> attempt::poll_crypto(instant now, const node_id& source,
                                                 const node_id& destination) {
  auto message = exchange_.poll_crypto(now);
  if (!message) return std::nullopt;
  message->key = credentials_.kind;
  message->grant = credentials_.grant;
  secure::sign(credentials_.crypto_key, *message, wire::frame_type::relay_control, source, destination);
  return message;
}

std::optional<instant> attempt::poll_timeout() const {
  const auto repeat = exchange_.poll_timeout();
  return repeat ? std::min(*repeat, deadline_) : deadline_;
}

}  // namespace gof::core
