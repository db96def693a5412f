#pragma once

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <memory>

// What src/secure uses of OpenSSL; included by sources only.
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

/// For calls that fail only if memory runs out or there is a bug. Continuing could send plain text or trust a
/// key of zeros, so this check remains in release builds.
inline void must(bool worked) {
  if (!worked) std::abort();
}

/// A separate library context: providers and properties from the system's openssl.cnf affect only the default
/// one. The algorithms are looked up once, because a look-up costs more than using them.
struct library {
  OSSL_LIB_CTX* context;
  EVP_MD* sha256;
  EVP_CIPHER* aes_128_gcm;
  EVP_CIPHER* chacha20_poly1305;
};

/// Created at the first use and never freed: OpenSSL cleans up by itself at exit.
const library& shared();

}  // namespace gof::secure::openssl
