#pragma once

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <memory>

// OpenSSL as src/secure uses it; included by sources only.
namespace gof::secure::openssl {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using pkey_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using cipher_context_ptr = std::unique_ptr<EVP_CIPHER_CTX, freed_by<EVP_CIPHER_CTX_free>>;
using digest_context_ptr = std::unique_ptr<EVP_MD_CTX, freed_by<EVP_MD_CTX_free>>;
using ssl_ptr = std::unique_ptr<SSL, freed_by<SSL_free>>;

/// For calls that fail only when memory is out or we have a bug. To go on would mean to send plain text or to
/// trust a key of zeros, so this holds in release builds too.
inline void must(bool worked) {
  if (!worked) std::abort();
}

/// A library context of our own: what the system's openssl.cnf says about providers and properties reaches
/// only the default one. The algorithms are looked up once, which costs more than to use them.
struct library {
  OSSL_LIB_CTX* context;
  EVP_MD* sha256;
  EVP_CIPHER* aes_128_gcm;
  EVP_CIPHER* chacha20_poly1305;
};

/// Made at the first use and never freed: OpenSSL cleans up at exit itself, in an order of its own.
const library& shared();

}  // namespace gof::secure::openssl
