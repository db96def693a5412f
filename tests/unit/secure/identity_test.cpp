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

/// As X509_set_pubkey() and X509_sign() make it.
TEST(Identity, has_the_certificate_that_openssl_makes_of_the_key) {
  const identity one{secret32(hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))};
  EXPECT_EQ(certificate_of(one),
            hex("3081c9307da003020102020101300506032b6570300e310c300a06035504030c03676f66302017"
                "0d3030303130313030303030305a180f39393939313233313233353935395a300e310c300a0603"
                "5504030c03676f66302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172"
                "f3daa62325af021a68f707511a300506032b65700341007c3c85a13b5d84d5c9ddc943f54c594a"
                "53ed0b035ac9c9611b6b97c81bac8cf4ea893038d0795f45b9cfba93f8a03ea1414320c67f8f49"
                "dcacc3e6b5d870e20c"));
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
