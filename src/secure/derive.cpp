#include "secure/derive.hpp"

#include "secure/openssl.hpp"

#include <openssl/crypto.h>

#include <span>

namespace gof::secure {
namespace {

using openssl::must;

/// RFC 2104 written with the plain hash: a third of EVP_MAC's cost for a short message, which matters since a
/// packet from any stranger triggers it.
secret32 hmac(const secret32& key, std::span<const const_bytes> parts) {
  constexpr std::size_t block_size = 64;
  secret<block_size> pad(key.view());
  const auto mask_pad = [&pad](std::uint8_t mask) {
    for (auto& byte : pad.writable()) byte ^= mask;
  };
  constexpr std::uint8_t inner = 0x36;
  constexpr std::uint8_t outer = 0x5c;

  const openssl::digest_context_ptr context(EVP_MD_CTX_new());
  must(context != nullptr);
  secret32 out;
  mask_pad(inner);
  must(EVP_DigestInit_ex2(context.get(), openssl::shared().sha256, nullptr) == 1);
  must(EVP_DigestUpdate(context.get(), pad.view().data(), block_size) == 1);
  for (const const_bytes part : parts) must(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1);
  must(EVP_DigestFinal_ex(context.get(), out.writable().data(), nullptr) == 1);
  mask_pad(inner ^ outer);
  must(EVP_DigestInit_ex2(context.get(), nullptr, nullptr) == 1);
  must(EVP_DigestUpdate(context.get(), pad.view().data(), block_size) == 1);
  must(EVP_DigestUpdate(context.get(), out.view().data(), out.view().size()) == 1);
  must(EVP_DigestFinal_ex(context.get(), out.writable().data(), nullptr) == 1);
  return out;
}

}  // namespace

std::array<std::uint8_t, 32> sha256(std::initializer_list<const_bytes> parts) {
  const openssl::digest_context_ptr context(EVP_MD_CTX_new());
  must(context != nullptr && EVP_DigestInit_ex2(context.get(), openssl::shared().sha256, nullptr) == 1);
  for (const const_bytes part : parts) must(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1);
  std::array<std::uint8_t, 32> out{};
  must(EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1);
  return out;
}

mac16 hmac16(const secret32& key, std::initializer_list<const_bytes> parts) {
  const auto whole = hmac(key, {parts.begin(), parts.size()});
  mac16 out{};
  std::copy_n(whole.view().begin(), out.size(), out.begin());
  return out;
}

bool same(const_bytes a, const_bytes b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

secret32 hkdf(const_bytes key, std::string_view label, std::initializer_list<const_bytes> context) {
  const secret32 no_salt;                                       // RFC 5869: as many zeros as the hash is long
  static constexpr std::array<std::uint8_t, 1> first_block{1};  // the only block: one hash is long enough
  const const_bytes input[] = {key};
  const auto extracted = hmac(no_salt, input);
  bytes info(label.begin(), label.end());
  for (const const_bytes part : context) append(info, part);
  const const_bytes expand[] = {info, first_block};
  return hmac(extracted, expand);
}

mesh_id mesh_of(const secret32& network_key) {
  return mesh_id(hkdf(network_key, "mesh").view());
}

secret32 guest_link_key(const secret32& network_key, const peer_id& issuer, const grant_id& grant) {
  return hkdf(network_key, "guest", {issuer.view(), grant.view()});
}

link_secrets::link_secrets(const secret32& network_or_link_key)
    : hello(hkdf(network_or_link_key, "hello")),
      crypto(hkdf(network_or_link_key, "crypto")),
      proof(hkdf(network_or_link_key, "proof")) {}

node_id node_of(const peer_id& peer, const instance_id& instance) {
  return node_id(sha256({peer.view(), instance.view()}));
}

mac16 token_proof(const secret32& token, const secret32& session_proof_key, const grant_id& grant) {
  return hmac16(token, {session_proof_key.view(), grant.view()});
}

mac16 host_proof(const secret32& session_proof_key, side role, const host_id& host) {
  if (host.is_zero()) return {};
  const std::array<std::uint8_t, 1> role_byte{static_cast<std::uint8_t>(role)};
  return hmac16(session_proof_key, {as_bytes("gof host"), role_byte, host.view()});
}

}  // namespace gof::secure
