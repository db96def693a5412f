#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "secure/crypto_mac.hpp"
#include "secure/exchange.hpp"
#include "wire/crypto.hpp"

#include <optional>

namespace gof::core {

/// The key that authenticates CRYPTO messages between end nodes: the mesh's, or a ticket's link key.
struct session_credentials {
  secure::secret32 crypto_key;
  wire::crypto::key_kind kind = wire::crypto::key_kind::network;
  grant_id grant;
};

/// A handshake with the other end node, while it lasts.
class attempt {
 public:
  using attempt_id = secure::exchange::attempt_id;
  static constexpr duration time_limit = 10s;

  attempt(instant now, const secure::identity& self, secure::side role, const attempt_id& id,
          const session_credentials& with);

  void handle_crypto(instant now, const wire::crypto& message) { exchange_.handle_crypto(now, message); }
  void handle_timeout(instant now) { exchange_.handle_timeout(now); }
  /// The next message to send, with its MAC.
  std::optional<wire::crypto> poll_crypto(instant now, const node_id& source, const node_id& destination);
  std::optional<instant> poll_timeout() const;

  bool expired(instant now) const { return now >= deadline_; }
  const secure::exchange& exchange() const { return exchange_; }
  const session_credentials& credentials() const { return credentials_; }
  /// Both ends take the key phase from the id, since a fresh node does not know the other's last phase.
  std::uint8_t phase() const { return exchange_.attempt().value.back() & 3; }

 private:
  secure::exchange exchange_;
  session_credentials credentials_;
  instant deadline_;
};

}  // namespace gof::core
