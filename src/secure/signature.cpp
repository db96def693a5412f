#include "secure/signature.hpp"

#include "secure/material.hpp"

namespace gof::secure {
namespace {

using openssl::must;

/// Ed25519 reads its message twice, so it must be in one piece.
bytes joined(std::string_view label, const_bytes message) {
  bytes whole;
  whole.reserve(label.size() + message.size());
  append(whole, as_bytes(label));
  append(whole, message);
  return whole;
}

}  // namespace

signature64 sign(const identity& by, std::string_view label, const_bytes message) {
  const auto whole = joined(label, message);
  const openssl::digest_context_ptr context(EVP_MD_CTX_new());
  must(context != nullptr);
  must(EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, openssl::shared().context, nullptr,
                             by.parts().key.get(), nullptr) == 1);
  signature64 out{};
  std::size_t size = out.size();
  must(EVP_DigestSign(context.get(), out.data(), &size, whole.data(), whole.size()) == 1 &&
       size == out.size());
  return out;
}

bool verify(const peer_id& by, std::string_view label, const_bytes message, const signature64& signature) {
  const openssl::pkey_ptr key(EVP_PKEY_new_raw_public_key_ex(openssl::shared().context, "ED25519", nullptr,
                                                             by.value.data(), by.value.size()));
  if (key == nullptr) return false;
  const auto whole = joined(label, message);
  const openssl::digest_context_ptr context(EVP_MD_CTX_new());
  must(context != nullptr);
  must(EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, openssl::shared().context, nullptr, key.get(),
                               nullptr) == 1);
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), whole.data(), whole.size()) == 1;
}

}  // namespace gof::secure
