#include "secure/identity.hpp"

#include "secure/certificate.hpp"
#include "secure/material.hpp"
#include "secure/numbers.hpp"
#include "secure/to_bytes.hpp"
#include "support/hex.hpp"

#include <gtest/gtest.h>

namespace gof::secure {
namespace {

bytes certificate_of(const identity& owner) {
  X509* certificate = owner.parts().certificate.get();
  bytes der(static_cast<std::size_t>(i2d_X509(certificate, nullptr)));
  auto* at = der.data();
  i2d_X509(certificate, &at);
  return der;
}

TEST(Identity, has_the_public_key_of_rfc_8032) {
  const auto private_key = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  const identity one{secret32(private_key)};
  EXPECT_EQ(to_bytes(one.id().view()),
            hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
  EXPECT_EQ(to_bytes(one.private_key().view()), private_key);
}

TEST(Identity, always_makes_the_same_certificate_of_a_key) {
  numbers random;
  const auto one = identity::generate(random);
  const identity again(one.private_key());
  EXPECT_EQ(certificate_of(one), certificate_of(again));
  EXPECT_NE(certificate_of(one), certificate_of(identity::generate(random)));
}

TEST(Identity, certifies_its_own_key) {
  numbers random;
  const auto one = identity::generate(random);
  EXPECT_EQ(certified_key(certificate_of(one)), one.id());
  EXPECT_EQ(X509_verify(one.parts().certificate.get(), one.parts().key.get()), 1);
}

TEST(Identity, shares_its_key_with_its_copies) {
  numbers random;
  const auto one = identity::generate(random);
  const identity copy = one;
  EXPECT_EQ(&copy.parts(), &one.parts());
}

}  // namespace
}  // namespace gof::secure
