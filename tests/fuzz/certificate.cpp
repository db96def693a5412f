// The key in a certificate: we and OpenSSL must never read two different ones.
#include "secure/certificate.hpp"

#include "check.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

using namespace gof;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto ours = secure::certified_key({data, size});
  if (!ours) return 0;
  const auto* at = data;
  const std::unique_ptr<X509, decltype(&X509_free)> theirs(d2i_X509(nullptr, &at, static_cast<long>(size)),
                                                           X509_free);
  if (!theirs) return 0;
  const auto* key = X509_get0_pubkey(theirs.get());
  peer_id raw;
  std::size_t length = raw.value.size();
  fuzz::check(key != nullptr && EVP_PKEY_id(key) == EVP_PKEY_ED25519);
  fuzz::check(EVP_PKEY_get_raw_public_key(key, raw.value.data(), &length) == 1 && raw == *ours);
  return 0;
}
