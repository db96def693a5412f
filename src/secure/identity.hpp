#pragma once

#include "base/id.hpp"
#include "base/problem.hpp"
#include "base/random.hpp"
#include "secure/secret.hpp"

#include <memory>

namespace gof::secure {

/// A peer's Ed25519 key with its self-signed certificate. The certificate's dates and serial number are
/// fixed, so that the same key always gives the same certificate. Copies share the key. Immutable.
class identity {
 public:
  /// From the 32-byte private key (RFC 8032 seed).
  explicit identity(const secret32& private_key);
  static identity generate(random_source& random);

  const peer_id& id() const;
  const secret32& private_key() const;

  struct material;  // OpenSSL's key and certificate, for src/secure only
  const material& parts() const { return *material_; }

 private:
  std::shared_ptr<const material> material_;
};

}  // namespace gof::secure
