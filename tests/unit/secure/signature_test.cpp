#include "secure/signature.hpp"

#include "secure/numbers.hpp"
#include "secure/to_bytes.hpp"
#include "support/hex.hpp"

#include <gtest/gtest.h>

namespace gof::secure {
namespace {

TEST(Signature, is_that_of_rfc_8032) {
  const identity two{secret32(hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))};
  const auto expected =
      hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
          "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  EXPECT_EQ(to_bytes(sign(two, "\x72", {})), expected);
  EXPECT_EQ(to_bytes(sign(two, "", bytes{0x72})), expected);
}

TEST(Signature, is_verified_under_its_key_label_and_message_alone) {
  numbers random;
  const auto one = identity::generate(random);
  const auto other = identity::generate(random);
  for (int i = 0; i < 20; ++i) {
    auto message = random.some(1 + random.below(300));
    auto signature = sign(one, "gof test", message);
    EXPECT_TRUE(verify(one.id(), "gof test", message, signature));
    EXPECT_FALSE(verify(other.id(), "gof test", message, signature));
    EXPECT_FALSE(verify(one.id(), "gof tests", message, signature));
    auto changed = message;
    changed[random.below(changed.size())] ^= static_cast<std::uint8_t>(1 + random.below(255));
    EXPECT_FALSE(verify(one.id(), "gof test", changed, signature));
    signature[random.below(signature.size())] ^= static_cast<std::uint8_t>(1 + random.below(255));
    EXPECT_FALSE(verify(one.id(), "gof test", message, signature));
  }
}

TEST(Signature, is_refused_under_what_is_no_key) {
  numbers random;
  const auto one = identity::generate(random);
  const auto signature = sign(one, "", bytes{1});
  for (int i = 0; i < 50; ++i) EXPECT_FALSE(verify(random.draw<peer_id>(), "", bytes{1}, signature));
  EXPECT_FALSE(verify(peer_id{}, "", bytes{1}, signature));
}

}  // namespace
}  // namespace gof::secure
