#include "session/token_proofs.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

const secure::secret32 key(bytes(32, 9));

grant_id grant(std::uint8_t n) {
  return grant_id(bytes(16, n));
}

secure::secret32 token(std::uint8_t n) {
  return secure::secret32(bytes(32, n));
}

TEST(Token_proofs, are_those_of_the_session) {
  token_proofs proofs(key);
  for (int again = 0; again < 2; ++again)
    for (std::uint8_t n = 1; n <= 3; ++n)
      EXPECT_EQ(proofs.of(token(n), grant(n)), secure::token_proof(token(n), key, grant(n)));
}

TEST(Token_proofs, is_made_once_however_often_it_is_asked_for) {
  token_proofs proofs(key);
  for (int i = 0; i < 1000; ++i) proofs.of(token(1), grant(1));
  EXPECT_EQ(proofs.made(), 1u);
  for (int i = 0; i < 1000; ++i)
    for (std::uint8_t n = 1; n <= token_proofs::most; ++n) proofs.of(token(n), grant(n));
  EXPECT_EQ(proofs.made(), token_proofs::most);
}

TEST(Token_proofs, takes_no_other_token_for_the_one_of_the_grant) {
  token_proofs proofs(key);
  const auto right = proofs.of(token(1), grant(1));
  EXPECT_NE(proofs.of(token(2), grant(1)), right);
  EXPECT_NE(proofs.of(token(1), grant(2)), right);
  EXPECT_EQ(proofs.of(token(1), grant(1)), right);
}

TEST(Token_proofs, forgets_the_oldest_of_many) {
  token_proofs proofs(key);
  for (int round = 0; round < 2; ++round)
    for (std::uint8_t n = 1; n <= token_proofs::most + 1; ++n)
      EXPECT_EQ(proofs.of(token(n), grant(n)), secure::token_proof(token(n), key, grant(n)));
  EXPECT_EQ(proofs.made(), 2 * (token_proofs::most + 1));
}

}  // namespace
}  // namespace gof::core
