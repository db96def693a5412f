#include "secure/protection.hpp"

#include "secure/numbers.hpp"
#include "secure/to_bytes.hpp"
#include "support/hex.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

namespace gof::secure {
namespace {

constexpr cipher both[] = {cipher::aes_128_gcm, cipher::chacha20_poly1305};

direction_keys keys_from(const bytes& key, const bytes& iv) {
  return {secret32(key), secret<12>(iv)};
}

direction_keys random_keys(numbers& random) {
  return keys_from(random.some(32), random.some(12));
}

bytes sealed(cipher aead, const direction_keys& keys, std::uint64_t number, const bytes& associated,
             const bytes& plain) {
  bytes out(plain.size() + tag_size);
  sealer(aead, keys).seal(number, associated, const_bytes(plain), out);
  return out;
}

/// The same in one step: with a context made for this packet, and the nonce computed the long way.
bytes sealed_in_one_go(cipher aead, const direction_keys& keys, std::uint64_t number, const bytes& associated,
                       const bytes& plain) {
  auto nonce = to_bytes(keys.iv.view());
  for (std::size_t i = 12; i-- > 4; number /= 256)
    nonce[i] = static_cast<std::uint8_t>(nonce[i] ^ (number % 256));
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  bytes out(plain.size() + tag_size);
  int size = 0;
  const auto* algorithm = aead == cipher::aes_128_gcm ? EVP_aes_128_gcm() : EVP_chacha20_poly1305();
  EXPECT_EQ(EVP_EncryptInit_ex(context, algorithm, nullptr, keys.key.view().data(), nonce.data()), 1);
  EXPECT_EQ(
      EVP_EncryptUpdate(context, nullptr, &size, associated.data(), static_cast<int>(associated.size())), 1);
  EXPECT_EQ(EVP_EncryptUpdate(context, out.data(), &size, plain.data(), static_cast<int>(plain.size())), 1);
  EXPECT_EQ(EVP_EncryptFinal_ex(context, out.data() + size, &size), 1);
  EXPECT_EQ(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, tag_size, out.data() + plain.size()), 1);
  EVP_CIPHER_CTX_free(context);
  return out;
}

TEST(Sealer, gives_the_known_answer_of_aes_128_gcm) {
  EXPECT_EQ(sealed(cipher::aes_128_gcm, {}, 0, {}, bytes(16)),
            hex("0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf"));
}

TEST(Sealer, gives_the_known_answer_of_rfc_8439) {
  bytes key;
  for (std::uint8_t i = 0x80; i < 0xa0; ++i) key.push_back(i);
  // The vector's nonce is 07 00 00 00 40 .. 47, of which the packet number gives the last four bytes.
  const auto keys = keys_from(key, hex("070000004041424300000000"));
  const auto plain = to_bytes(
      as_bytes("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
               "sunscreen would be it."));
  const auto out =
      sealed(cipher::chacha20_poly1305, keys, 0x44454647, hex("50515253c0c1c2c3c4c5c6c7"), plain);
  EXPECT_EQ(bytes(out.begin(), out.begin() + 16), hex("d31a8d34648e60db7b86afbc53ef7ec2"));
  EXPECT_EQ(bytes(out.end() - tag_size, out.end()), hex("1ae10b594f09e26a7e902ecbd0600691"));
}

TEST(Sealer, agrees_with_a_context_made_for_each_packet) {
  numbers random;
  for (const auto aead : both) {
    const auto keys = random_keys(random);
    sealer one(aead, keys);
    for (const std::size_t size : {0u, 1u, 15u, 16u, 17u, 44u, 1200u, 65'000u}) {
      const auto number = random.number();
      const auto associated = random.some(random.below(40));
      const auto plain = random.some(size);
      bytes out(size + tag_size);
      one.seal(number, associated, const_bytes(plain), out);
      EXPECT_EQ(out, sealed_in_one_go(aead, keys, number, associated, plain)) << "size " << size;
    }
  }
}

TEST(Sealer, seals_parts_as_one) {
  numbers random;
  for (const auto aead : both) {
    const auto keys = random_keys(random);
    for (int i = 0; i < 100; ++i) {
      const auto plain = random.some(random.below(2000));
      const auto cut = random.below(plain.size() + 1);
      const auto second_cut = cut + random.below(plain.size() - cut + 1);
      const const_bytes whole(plain);
      const const_bytes parts[] = {whole.first(cut), whole.subspan(cut, second_cut - cut),
                                   whole.subspan(second_cut)};
      bytes out(plain.size() + tag_size);
      sealer(aead, keys).seal(5, as_bytes("head"), parts, out);
      EXPECT_EQ(out, sealed(aead, keys, 5, to_bytes(as_bytes("head")), plain));
    }
  }
}

TEST(Sealer, seals_parts_of_which_one_is_at_its_place) {
  numbers random;
  for (const auto aead : both) {
    const auto keys = random_keys(random);
    sealer one(aead, keys);
    for (const std::size_t size : {2u, 17u, 1023u, 1024u, 1025u, 65'000u}) {
      const auto plain = random.some(size);
      const auto expected = sealed(aead, keys, size, {}, plain);
      const auto cut = static_cast<std::ptrdiff_t>(1 + random.below(size - 1));
      const bytes front(plain.begin(), plain.begin() + cut);
      const bytes back(plain.begin() + cut, plain.end());

      bytes back_in_place(size + tag_size);
      std::copy(back.begin(), back.end(), back_in_place.begin() + cut);
      const const_bytes with_back[] = {front, const_bytes(back_in_place).subspan(front.size(), back.size())};
      one.seal(size, {}, with_back, back_in_place);
      EXPECT_EQ(back_in_place, expected) << "size " << size << ", cut at " << cut;

      bytes front_in_place(size + tag_size);
      std::copy(front.begin(), front.end(), front_in_place.begin());
      const const_bytes with_front[] = {const_bytes(front_in_place).first(front.size()), back};
      one.seal(size, {}, with_front, front_in_place);
      EXPECT_EQ(front_in_place, expected) << "size " << size << ", cut at " << cut;
    }
  }
}

TEST(Protection, opens_what_was_sealed_in_place) {
  numbers random;
  for (const auto aead : both) {
    const auto keys = random_keys(random);
    sealer sending(aead, keys);
    opener receiving(aead, keys);
    for (const std::size_t size : {0u, 1u, 44u, 1000u, 65'000u}) {
      const auto plain = random.some(size);
      bytes packet = plain;
      packet.resize(size + tag_size);
      sending.seal(size, as_bytes("head"), const_bytes(packet).first(size), packet);
      EXPECT_EQ(packet, sealed(aead, keys, size, to_bytes(as_bytes("head")), plain));
      ASSERT_TRUE(receiving.open(size, as_bytes("head"), packet, packet));
      packet.resize(size);
      EXPECT_EQ(packet, plain);
    }
  }
}

TEST(Opener, refuses_a_packet_changed_in_any_byte_and_goes_on) {
  numbers random;
  for (const auto aead : both) {
    const auto keys = random_keys(random);
    const auto plain = random.some(100);
    const auto associated = random.some(20);
    const auto packet = sealed(aead, keys, 7, associated, plain);
    opener receiving(aead, keys);
    bytes out(plain.size());
    for (std::size_t at = 0; at < packet.size(); ++at) {
      auto changed = packet;
      changed[at] ^= static_cast<std::uint8_t>(1 + random.below(255));
      EXPECT_FALSE(receiving.open(7, associated, changed, out)) << "byte " << at;
    }
    for (std::size_t at = 0; at < associated.size(); ++at) {
      auto changed = associated;
      changed[at] ^= static_cast<std::uint8_t>(1 + random.below(255));
      EXPECT_FALSE(receiving.open(7, changed, packet, out)) << "associated byte " << at;
    }
    EXPECT_TRUE(receiving.open(7, associated, packet, out));
    EXPECT_EQ(out, plain);
  }
}

TEST(Opener, refuses_another_number_key_or_length) {
  numbers random;
  for (const auto aead : both) {
    const auto keys = random_keys(random);
    const auto packet = sealed(aead, keys, 7, {}, random.some(30));
    bytes out(packet.size());
    EXPECT_FALSE(opener(aead, keys).open(8, {}, packet, out));
    EXPECT_FALSE(opener(aead, keys).open(7 + (std::uint64_t{1} << 63), {}, packet, out));
    EXPECT_FALSE(opener(aead, random_keys(random)).open(7, {}, packet, out));
    for (std::size_t size = 0; size < packet.size(); ++size)
      EXPECT_FALSE(opener(aead, keys).open(7, {}, const_bytes(packet).first(size), out)) << "size " << size;
  }
}

}  // namespace
}  // namespace gof::secure
