#include "secure/handshake_settings.hpp"

#include "secure/certificate.hpp"

namespace gof::secure {
namespace {

std::optional<peer_id> key_of(X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  if (size <= 0) return std::nullopt;
  const auto found = certified_key({der, static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  if (!found) return std::nullopt;

  // The key with which TLS checks the proof of possession must be the one that we read.
  EVP_PKEY* key = X509_get0_pubkey(certificate);
  peer_id used;
  std::size_t used_size = used.value.size();
  if (key == nullptr || EVP_PKEY_is_a(key, "ED25519") != 1) return std::nullopt;
  if (EVP_PKEY_get_raw_public_key(key, used.value.data(), &used_size) != 1) return std::nullopt;
  return used == *found ? found : std::nullopt;
}

/// Replaces OpenSSL's chain building: there must be one certificate, of which only the key counts. Its
/// signature and dates mean nothing here; CertificateVerify proves that the peer holds the key.
int judge_certificate(X509_STORE_CTX* store, void*) {
  auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto& outcome = *static_cast<verdict*>(SSL_get_app_data(ssl));
  if (sk_X509_num(X509_STORE_CTX_get0_untrusted(store)) != 1)
    outcome.refusal = "more than one certificate";
  else if (outcome.peer = key_of(X509_STORE_CTX_get0_cert(store)); !outcome.peer)
    outcome.refusal = "the certificate's key is not Ed25519";
  // A rejected certificate is answered with the alert bad_certificate.
  X509_STORE_CTX_set_error(store, outcome.peer ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
  return outcome.peer ? 1 : 0;
}

/// Sets every relevant option explicitly: SSL_CTX_new has applied the system's defaults (a minimum security
/// level, other suites, tickets, padding, certificate lists), which must have no effect here.
bool configure(SSL_CTX* context) {
  constexpr int security_level = 2;            // 112 bits; Ed25519 and X25519 have 128, level 5 requires 256
  constexpr long largest_certificates = 2048;  // bytes; ours has about 230
  SSL_CTX_set_security_level(context, security_level);
  SSL_CTX_clear_options(context, SSL_CTX_get_options(context));  // also middlebox compatibility
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(context, largest_certificates);
  SSL_CTX_set0_CA_list(context, nullptr);
  SSL_CTX_set_client_CA_list(context, nullptr);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(context, judge_certificate, nullptr);
  return SSL_CTX_set_num_tickets(context, 0) == 1 && SSL_CTX_set_block_padding(context, 0) == 1 &&
         SSL_CTX_set_min_proto_version(context, 0) == 1 &&  // a higher minimum would make the next call fail
         SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256") == 1 &&
         SSL_CTX_set1_groups_list(context, "X25519") == 1 &&
         SSL_CTX_set1_sigalgs_list(context, "ed25519") == 1 &&
         SSL_CTX_set1_client_sigalgs_list(context, "ed25519") == 1;
}

SSL_CTX* make_settings() {
  SSL_CTX* context = SSL_CTX_new_ex(openssl::shared().context, nullptr, TLS_method());
  if (context == nullptr || configure(context)) return context;
  SSL_CTX_free(context);
  return nullptr;
}

}  // namespace

SSL_CTX* handshake_settings() {
  static SSL_CTX* const made = make_settings();
  return made;
}

}  // namespace gof::secure
