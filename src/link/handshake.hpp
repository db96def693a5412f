#pragma once

#include "base/buffer.hpp"
#include "base/bytes.hpp"
#include "base/time.hpp"
#include "secure/exchange.hpp"
#include "wire/crypto.hpp"

#include <optional>
#include <string>

namespace gof::core {

/// The key for the MAC of a link's CRYPTO frames: a subkey of the network key, or of a ticket's link key.
struct crypto_credentials {
  secure::secret32 key;
  wire::crypto::key_kind kind = wire::crypto::key_kind::network;
  grant_id grant;
};

/// The TLS handshakes of a link, in CRYPTO frames, one at a time: the first, and later one for each change of
/// keys. The dialler starts each one and the listener follows.
class handshake {
 public:
  using attempt_id = secure::exchange::attempt_id;

  handshake(const secure::identity& self, secure::side role, const crypto_credentials& with)
      : self_(&self), role_(role), credentials_(with) {}

  /// For the first handshake of a link, which both ends start by themselves.
  void start(instant now, const attempt_id& attempt);
  enum class outcome { goes_on, agreed, failed };
  /// Takes a CRYPTO frame's payload. Returns `agreed` once; the handshake may still fail after that.
  outcome handle_crypto(instant now, const_bytes payload);
  /// The frames that are due. After a failure as well: they report it to the other side.
  buffer poll_transmit(instant now);
  /// The keys are in use: the next handshake may start.
  void finish() { exchange_.reset(); }

  bool is_under_way() const { return exchange_.has_value(); }
  bool is_agreed() const { return exchange_ && exchange_->status() == secure::tls::state::done; }
  const secure::session_keys& keys() const { return exchange_->keys(); }  ///< only while agreed
  const std::string& failure() const { return failure_; }

 private:
  const secure::identity* self_;
  secure::side role_;
  crypto_credentials credentials_;
  std::optional<secure::exchange> exchange_;
  std::string failure_;

  outcome fail(std::string why);
};

}  // namespace gof::core
