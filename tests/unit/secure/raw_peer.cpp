#include "secure/raw_peer.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <string_view>

namespace gof::secure {

namespace {

openssl::pkey_ptr make_key(const char* kind) {
  const std::string_view wanted = kind;
  if (wanted == "RSA") return openssl::pkey_ptr(EVP_PKEY_Q_keygen(nullptr, nullptr, kind, std::size_t{2048}));
  if (wanted == "EC") return openssl::pkey_ptr(EVP_PKEY_Q_keygen(nullptr, nullptr, kind, "P-256"));
  return openssl::pkey_ptr(EVP_PKEY_Q_keygen(nullptr, nullptr, kind));
}

}  // namespace

raw_certificate::raw_certificate(const char* kind, EVP_PKEY* signer)
    : key(make_key(kind)), certificate(X509_new()) {
  X509* made = certificate.get();
  EXPECT_EQ(X509_set_version(made, X509_VERSION_3), 1);
  EXPECT_EQ(ASN1_INTEGER_set(X509_get_serialNumber(made), 77), 1);
  EXPECT_NE(X509_gmtime_adj(X509_getm_notBefore(made), -3600), nullptr);
  EXPECT_NE(X509_gmtime_adj(X509_getm_notAfter(made), 3600), nullptr);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("someone"), -1, -1, 0);
  EXPECT_EQ(X509_set_issuer_name(made, X509_get_subject_name(made)), 1);
  EXPECT_EQ(X509_set_pubkey(made, key.get()), 1);
  EVP_PKEY* by = signer != nullptr ? signer : key.get();
  const bool names_digest = EVP_PKEY_is_a(by, "RSA") == 1 || EVP_PKEY_is_a(by, "EC") == 1;
  EXPECT_GT(X509_sign(made, by, names_digest ? EVP_sha256() : nullptr), 0);
}

bytes raw_certificate::der() const {
  bytes out(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)));
  auto* at = out.data();
  i2d_X509(certificate.get(), &at);
  return out;
}

raw_peer::raw_peer(side role, const raw_certificate& shown, const settings& change)
    : context_(SSL_CTX_new(TLS_method())) {
  SSL_CTX* context = context_.get();
  EXPECT_EQ(SSL_CTX_use_certificate(context, shown.certificate.get()), 1);
  EXPECT_EQ(SSL_CTX_use_PrivateKey(context, shown.key.get()), 1);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
  SSL_CTX_set_num_tickets(context, 0);
  if (change) change(context);
  ssl_.reset(SSL_new(context));
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  if (role == side::client)
    SSL_set_connect_state(ssl_.get());
  else
    SSL_set_accept_state(ssl_.get());
  SSL_do_handshake(ssl_.get());
  ERR_clear_error();
}

void raw_peer::handle_bytes(const_bytes data) {
  BIO_write(SSL_get_rbio(ssl_.get()), data.data(), static_cast<int>(data.size()));
  std::uint8_t read = 0;
  if (finished() || SSL_do_handshake(ssl_.get()) == 1) SSL_read(ssl_.get(), &read, 1);
  ERR_clear_error();
}

bytes raw_peer::poll_bytes() {
  BIO* from = SSL_get_wbio(ssl_.get());
  bytes out(BIO_ctrl_pending(from));
  if (!out.empty()) BIO_read(from, out.data(), static_cast<int>(out.size()));
  return out;
}

}  // namespace gof::secure
