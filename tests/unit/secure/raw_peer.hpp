#pragma once

#include "base/bytes.hpp"
#include "secure/openssl.hpp"
#include "secure/tls.hpp"

#include <functional>
#include <vector>

namespace gof::secure {

/// A key of any kind ("ED25519", "X25519", "RSA", "EC") with a self-signed certificate. If the key cannot
/// sign, `signer` signs the certificate.
struct raw_certificate {
  openssl::pkey_ptr key;
  openssl::x509_ptr certificate;

  explicit raw_certificate(const char* kind, EVP_PKEY* signer = nullptr);
  bytes der() const;
};

/// Plain OpenSSL at the other end of a handshake, with the settings of a test, to do what our own end never
/// does. By default it behaves well and trusts anyone.
class raw_peer {
 public:
  using settings = std::function<void(SSL_CTX*)>;

  raw_peer(side role, const raw_certificate& shown, const settings& change = {});

  /// Takes what arrived and continues the handshake. After the handshake it also reads, as TLS 1.3 requires.
  void handle_bytes(const_bytes data);
  bytes poll_bytes();
  bool finished() const { return SSL_is_init_finished(ssl_.get()) == 1; }
  SSL* ssl() { return ssl_.get(); }

 private:
  std::unique_ptr<SSL_CTX, openssl::freed_by<SSL_CTX_free>> context_;
  openssl::ssl_ptr ssl_;
};

/// Passes bytes in both directions until neither end has more.
template <class One, class Other>
void talk(One& one, Other& other) {
  for (bool quiet = false; !quiet;) {
    const auto out = one.poll_bytes();
    const auto back = other.poll_bytes();
    quiet = out.empty() && back.empty();
    if (!out.empty()) other.handle_bytes(out);
    if (!back.empty()) one.handle_bytes(back);
  }
}

}  // namespace gof::secure
