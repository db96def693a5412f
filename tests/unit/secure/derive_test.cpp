#include "secure/derive.hpp"

#include "secure/numbers.hpp"
#include "secure/to_bytes.hpp"
#include "support/hex.hpp"

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

namespace gof::secure {
namespace {

/// The same, computed by OpenSSL's own HKDF.
bytes hkdf_of_openssl(const bytes& key, const bytes& info) {
  EVP_KDF* kdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  EVP_KDF_CTX* context = EVP_KDF_CTX_new(kdf);
  char digest[] = "SHA256";
  auto key_copy = key;
  auto info_copy = info;
  const OSSL_PARAM settings[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key_copy.data(), key_copy.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info_copy.data(), info_copy.size()),
      OSSL_PARAM_construct_end()};
  bytes out(32);
  EXPECT_EQ(EVP_KDF_derive(context, out.data(), out.size(), settings), 1);
  EVP_KDF_CTX_free(context);
  EVP_KDF_free(kdf);
  return out;
}

const secret32 some_key(bytes(32, 7));

TEST(Sha256, gives_the_known_answer_however_the_input_is_cut) {
  const auto expected = hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_bytes(sha256({as_bytes("abc")})), expected);
  EXPECT_EQ(to_bytes(sha256({as_bytes("a"), {}, as_bytes("bc")})), expected);
}

TEST(Hmac16, gives_the_known_answers_of_rfc_4231) {
  // HMAC pads short keys with zeros, so these vectors' shorter keys fit into our 32 bytes.
  const secret32 first(bytes(20, 0x0b));
  EXPECT_EQ(to_bytes(hmac16(first, {as_bytes("Hi "), as_bytes("There")})),
            hex("b0344c61d8db38535ca8afceaf0bf12b"));
  const secret32 second(as_bytes("Jefe"));
  EXPECT_EQ(to_bytes(hmac16(second, {as_bytes("what do ya want for nothing?")})),
            hex("5bdcc146bf60754e6a042426089575c7"));
}

TEST(Hkdf, gives_the_known_answer_of_rfc_5869_without_salt_and_info) {
  EXPECT_EQ(to_bytes(hkdf(bytes(22, 0x0b), "").view()),
            hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"));
}

TEST(Hkdf, agrees_with_openssl_on_random_input) {
  numbers random;
  for (int i = 0; i < 100; ++i) {
    const auto key = random.some(1 + random.below(100));
    const auto label = random.some(1 + random.below(20));
    const auto context = random.some(random.below(50));
    bytes info = label;
    append(info, context);
    EXPECT_EQ(to_bytes(hkdf(key, as_text(label), {context}).view()), hkdf_of_openssl(key, info));
  }
}

TEST(Same, compares_content_and_size) {
  EXPECT_TRUE(same(bytes{1, 2}, bytes{1, 2}));
  EXPECT_FALSE(same(bytes{1, 2}, bytes{1, 3}));
  EXPECT_FALSE(same(bytes{1, 2}, bytes{1, 2, 0}));
  EXPECT_TRUE(same({}, {}));
}

TEST(Link_secrets, differ_by_use_and_by_key) {
  const link_secrets one(some_key);
  const link_secrets other(secret32(bytes(32, 8)));
  EXPECT_FALSE(one.hello == one.crypto);
  EXPECT_FALSE(one.hello == one.proof);
  EXPECT_FALSE(one.crypto == one.proof);
  EXPECT_FALSE(one.hello == other.hello);
  EXPECT_EQ(to_bytes(one.crypto.view()), hkdf_of_openssl(bytes(32, 7), to_bytes(as_bytes("crypto"))));
}

TEST(Mesh_of, is_the_head_of_its_hkdf) {
  auto whole = hkdf_of_openssl(bytes(32, 7), to_bytes(as_bytes("mesh")));
  whole.resize(mesh_id::size);
  EXPECT_EQ(to_bytes(mesh_of(some_key).view()), whole);
}

TEST(Guest_link_key, depends_on_issuer_and_grant) {
  const peer_id issuer(bytes(32, 1));
  const grant_id grant(bytes(16, 2));
  bytes info = to_bytes(as_bytes("guest"));
  append(info, issuer.view());
  append(info, grant.view());
  const auto key = guest_link_key(some_key, issuer, grant);
  EXPECT_EQ(to_bytes(key.view()), hkdf_of_openssl(bytes(32, 7), info));
  EXPECT_FALSE(key == guest_link_key(some_key, issuer, grant_id(bytes(16, 3))));
  EXPECT_FALSE(key == guest_link_key(some_key, peer_id(bytes(32, 3)), grant));
}

TEST(Node_of, is_the_head_of_the_hash_of_peer_and_instance) {
  const peer_id peer(bytes(32, 1));
  const instance_id instance(bytes(8, 2));
  bytes input(32, 1);
  input.resize(40, 2);
  EXPECT_EQ(node_of(peer, instance), node_id(sha256({input})));
  EXPECT_NE(node_of(peer, instance), node_of(peer, instance_id(bytes(8, 3))));
}

TEST(Token_proof, binds_token_session_and_grant) {
  const grant_id grant(bytes(16, 2));
  const secret32 session(bytes(32, 9));
  const auto proof = token_proof(some_key, session, grant);
  EXPECT_NE(proof, token_proof(session, some_key, grant));
  EXPECT_NE(proof, token_proof(some_key, some_key, grant));
  EXPECT_NE(proof, token_proof(some_key, session, grant_id{}));
  bytes input(32, 9);
  input.resize(48, 2);
  EXPECT_EQ(proof, hmac16(some_key, {input}));
}

TEST(Host_proof, binds_session_role_and_host) {
  const host_id host(bytes(32, 4));
  const auto proof = host_proof(some_key, side::client, host);
  bytes input = to_bytes(as_bytes("gof host"));
  input.push_back(0);
  input.resize(input.size() + 32, 4);
  EXPECT_EQ(proof, hmac16(some_key, {input}));
  EXPECT_NE(proof, host_proof(some_key, side::server, host)) << "sent back, it proves nothing";
  EXPECT_NE(proof, host_proof(secret32(bytes(32, 9)), side::client, host));
  EXPECT_NE(proof, host_proof(some_key, side::client, host_id(bytes(32, 5))));
  EXPECT_EQ(host_proof(some_key, side::client, host_id()), mac16()) << "an unknown host";
}

TEST(Secret, is_wiped_when_it_goes) {
  alignas(secret32) std::array<std::uint8_t, sizeof(secret32)> place{};
  auto* held = new (place.data()) secret32(bytes(32, 5));
  EXPECT_EQ(place[31], 5);
  held->~secret32();
  EXPECT_EQ(place, (std::array<std::uint8_t, sizeof(secret32)>{}));
}

}  // namespace
}  // namespace gof::secure
