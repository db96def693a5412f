#include "secure/openssl.hpp"

namespace gof::secure::openssl {
namespace {

library make_library() {
  OSSL_LIB_CTX* context = OSSL_LIB_CTX_new();
  must(context != nullptr);
  library made{context, EVP_MD_fetch(context, "SHA256", nullptr),
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
