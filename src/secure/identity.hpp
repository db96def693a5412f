#pragma once

#include "base/id.hpp"
#include "base/problem.hpp"
#include "base/random.hpp"
#include "secure/secret.hpp"

#include <memory>

namespace gof::secure {

/// A peer's Ed25519 key with the self-signed certificate made from it: fixed dates and serial, so that the
/// same key always gives the same certificate. Copies share the key. Immutable.
class identity {
 public:
  /// From the 32-byte private key (RFC 8032 seed).
  explicit identity(const secret32& private_key);
  static identity generate(random_source& random);

  const peer_id& id() const;
  const secret32& private_key() const;

  struct material;  // OpenSSL's key and certificate, for src/secure alone
  const material& parts() const { return *material_; }

 private:
  std::shared_ptr<const material> material_;
};

}  // namespace gof::secure
