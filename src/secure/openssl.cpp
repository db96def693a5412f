#include "secure/openssl.hpp"

#include <openssl/core_names.h>
#include <openssl/params.h>

namespace gof::secure::openssl {
namespace {

EVP_MAC_CTX* keyless_hmac(OSSL_LIB_CTX* context) {
  EVP_MAC* hmac = EVP_MAC_fetch(context, "HMAC", nullptr);
  must(hmac != nullptr);
  EVP_MAC_CTX* prepared = EVP_MAC_CTX_new(hmac);
  EVP_MAC_free(hmac);
  char digest[] = "SHA256";
  const OSSL_PARAM settings[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                 OSSL_PARAM_construct_end()};
  must(prepared != nullptr && EVP_MAC_CTX_set_params(prepared, settings) == 1);
  return prepared;
}

library make_library() {
  OSSL_LIB_CTX* context = OSSL_LIB_CTX_new();
  must(context != nullptr);
  library made{context, EVP_MD_fetch(context, "SHA256", nullptr), keyless_hmac(context),
               EVP_CIPHER_fetch(context, "AES-128-GCM", nullptr),
               EVP_CIPHER_fetch(context, "ChaCha20-Poly1305", nullptr)};
  must(made.sha256 != nullptr && made.aes_128_gcm != nullptr && made.chacha20_poly1305 != nullptr);
  return made;
}

}  // namespace

const library& shared() {
  static const library made = make_library();
  return made;
}

}  // namespace gof::secure::openssl
