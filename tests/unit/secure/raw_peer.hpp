#pragma once

#include "base/bytes.hpp"
#include "secure/openssl.hpp"
#include "secure/tls.hpp"

#include <functional>
#include <vector>

namespace gof::secure {

/// A key of any kind ("ED25519", "X25519", "RSA", "EC") and a self-signed certificate of it. A key that
/// cannot sign is certified by `signer`.
struct raw_certificate {
  openssl::pkey_ptr key;
  openssl::x509_ptr certificate;

  explicit raw_certificate(const char* kind, EVP_PKEY* signer = nullptr);
  bytes der() const;
};

/// The other end of a handshake as plain OpenSSL with whatever settings a test gives it, to do what our own
/// never would. By default it is a well-behaved peer that trusts anyone.
class raw_peer {
 public:
  using settings = std::function<void(SSL_CTX*)>;

  raw_peer(side role, const raw_certificate& shown, const settings& change = {});

  /// Takes in what came and goes on with the handshake; after it reads, as TLS 1.3 asks for.
  void handle_bytes(const_bytes data);
  bytes poll_bytes();
  bool finished() const { return SSL_is_init_finished(ssl_.get()) == 1; }
  SSL* ssl() { return ssl_.get(); }

 private:
  std::unique_ptr<SSL_CTX, openssl::freed_by<SSL_CTX_free>> context_;
  openssl::ssl_ptr ssl_;
};

/// Passes bytes to and fro until both are quiet.
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
