#pragma once

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "secure/exchange.hpp"
#include "wire/crypto.hpp"

#include <optional>
#include <string>

namespace gof::core {

/// What CRYPTO frames on a link are made authentic with: the network key's or a ticket's link key's subkey.
struct crypto_credentials {
  secure::secret32 key;
  wire::crypto::key_kind kind = wire::crypto::key_kind::network;
  grant_id grant;
};

/// The TLS handshakes of a link in CRYPTO frames, one at a time: the first, and one for each pair of newer
/// keys. The dialler starts each; the listener follows.
class handshake {
 public:
  using attempt_id = secure::exchange::attempt_id;

  handshake(const secure::identity& self, secure::side role, const crypto_credentials& with)
      : self_(&self), role_(role), credentials_(with) {}

  /// Both ends of a link that opens start by themselves.
  void start(instant now, const attempt_id& attempt);
  enum class outcome { goes_on, agreed, failed };
  /// A CRYPTO frame's payload. `agreed` is said once; what comes later may still make it fail.
  outcome handle_crypto(instant now, const_bytes payload);
  /// The frames that are due; also after it has failed, for the other side learns by them why.
  bytes poll_transmit(instant now);
  /// Its keys are in use, so that the next may start.
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
