#include "secure/crypto_mac.hpp"

#include <gtest/gtest.h>

namespace gof::secure {
namespace {

const secret32 key(bytes(32, 3));
const node_id source(bytes(8, 1));
const node_id destination(bytes(8, 2));
constexpr auto type = wire::frame_type{1};

wire::crypto signed_message() {
  wire::crypto message;
  message.attempt = wire::crypto::attempt_id(bytes(8, 4));
  message.role = 1;
  message.key = wire::crypto::key_kind::guest;
  message.grant = grant_id(bytes(16, 5));
  message.acknowledged = 100;
  message.offset = 200;
  message.piece = bytes(50, 6);
  sign(key, message, type, source, destination);
  return message;
}

TEST(Crypto_mac, holds_for_what_was_signed) {
  EXPECT_TRUE(verify(key, signed_message(), type, source, destination));
}

TEST(Crypto_mac, fails_when_any_byte_of_the_message_is_changed) {
  const auto whole = signed_message().encode();
  std::size_t decoded = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto changed = whole;
    changed[at] ^= 1;
    const auto message = wire::crypto::decode(changed);
    if (!message) continue;
    ++decoded;
    EXPECT_FALSE(verify(key, *message, type, source, destination)) << "byte " << at;
  }
  EXPECT_GE(decoded, whole.size() - 2);  // the codec refuses values only of role and key kind
}

TEST(Crypto_mac, fails_for_another_key_type_or_node) {
  const auto message = signed_message();
  EXPECT_FALSE(verify(secret32(bytes(32, 4)), message, type, source, destination));
  EXPECT_FALSE(verify(key, message, wire::frame_type{2}, source, destination));
  EXPECT_FALSE(verify(key, message, type, destination, destination));
  EXPECT_FALSE(verify(key, message, type, source, source));
}

}  // namespace
}  // namespace gof::secure
