#include "secure/identity.hpp"

#include "secure/material.hpp"

#include <openssl/asn1.h>

namespace gof::secure {
namespace {

using openssl::must;

openssl::pkey_ptr load_key(const secret32& private_key) {
  openssl::pkey_ptr key(EVP_PKEY_new_raw_private_key_ex(
      openssl::shared().context, "ED25519", nullptr, private_key.view().data(), private_key.view().size()));
  must(key != nullptr);
  return key;
}

peer_id public_half(EVP_PKEY* key) {
  peer_id id;
  std::size_t size = id.value.size();
  must(EVP_PKEY_get_raw_public_key(key, id.value.data(), &size) == 1 && size == id.value.size());
  return id;
}

/// X509_set_pubkey() does the same, but searches all of OpenSSL's encoders for that: a tenth of a node's
/// start.
void set_key(X509* of, const peer_id& id) {
  auto* raw = static_cast<unsigned char*>(OPENSSL_memdup(id.value.data(), id.value.size()));
  must(raw != nullptr &&
       X509_PUBKEY_set0_param(X509_get_X509_PUBKEY(of), OBJ_nid2obj(NID_ED25519), V_ASN1_UNDEF, nullptr, raw,
                              static_cast<int>(id.value.size())) == 1);
}

/// TLS accepts only a certificate whose key was read by OpenSSL.
openssl::x509_ptr read_again(X509* made) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(made, &der);
  must(size > 0);
  X509* read = X509_new_ex(openssl::shared().context, nullptr);
  const unsigned char* at = der;
  must(read != nullptr && d2i_X509(&read, &at, size) != nullptr);
  OPENSSL_free(der);
  return openssl::x509_ptr(read);
}

/// Only the key varies. The dates are the widest that X.509 allows, for tools that check them.
openssl::x509_ptr make_certificate(EVP_PKEY* key, const peer_id& id) {
  openssl::x509_ptr made(X509_new_ex(openssl::shared().context, nullptr));
  must(made != nullptr && X509_set_version(made.get(), X509_VERSION_3) == 1);
  must(ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1) == 1);
  must(ASN1_TIME_set_string_X509(X509_getm_notBefore(made.get()), "20000101000000Z") == 1);
  must(ASN1_TIME_set_string_X509(X509_getm_notAfter(made.get()), "99991231235959Z") == 1);
  X509_NAME* name = X509_get_subject_name(made.get());
  must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("gof"), -1,
                                  -1, 0) == 1);
  must(X509_set_issuer_name(made.get(), name) == 1);
  set_key(made.get(), id);
  must(X509_sign(made.get(), key, nullptr) > 0);
  return read_again(made.get());
}

}  // namespace

identity::identity(const secret32& private_key) {
  auto made = std::make_shared<material>();
  made->private_key = private_key;
  made->key = load_key(private_key);
  made->id = public_half(made->key.get());
  made->certificate = make_certificate(made->key.get(), made->id);
  material_ = std::move(made);
}

identity identity::generate(random_source& random) {
  secret32 private_key;
  random.fill(private_key.writable());
  return identity(private_key);
}

const peer_id& identity::id() const {
  return material_->id;
}

const secret32& identity::private_key() const {
  return material_->private_key;
}

}  // namespace gof::secure
