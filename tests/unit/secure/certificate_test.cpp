#include "secure/certificate.hpp"

#include "secure/numbers.hpp"
#include "secure/raw_peer.hpp"
#include "support/hex.hpp"

#include <gtest/gtest.h>

namespace gof::secure {
namespace {

bytes element(std::uint8_t tag, const bytes& content) {
  bytes out{tag};
  if (content.size() >= 0x80) out.push_back(0x81);
  out.push_back(static_cast<std::uint8_t>(content.size()));
  append(out, content);
  return out;
}

/// A certificate for this key information, of at most 255 bytes inside.
bytes certificate_about(const bytes& key_info, const bytes& version = hex("a003020102")) {
  bytes fields = version;
  append(fields, hex("020101"));          // serial
  append(fields, hex("300506032b6570"));  // algorithm
  append(fields, hex("3000"));            // issuer
  append(fields, hex("3000"));            // validity
  append(fields, hex("3000"));            // subject
  append(fields, key_info);
  bytes outside = element(0x30, fields);
  append(outside, hex("300506032b6570"));
  append(outside, hex("030100"));
  return element(0x30, outside);
}

const bytes key(32, 0x5a);

bytes key_info(std::string_view head) {
  auto out = hex(head);
  append(out, key);
  return out;
}

TEST(Certified_key, is_read_from_the_one_encoding_of_ed25519) {
  EXPECT_EQ(certified_key(certificate_about(key_info("302a300506032b6570032100"))), peer_id(key));
  EXPECT_EQ(certified_key(certificate_about(key_info("302a300506032b6570032100"), {})), peer_id(key));
}

TEST(Certified_key, is_refused_in_any_other_encoding) {
  const std::string_view heads[] = {
      "302c300706032b65700500032100",  // parameters, which RFC 8410 forbids
      "30812a300506032b6570032100",    // a length longer than needed
      "302b300506032b657003812100",    // the same for an inner length
      "302c300506032b65702323032100",  // the key in pieces
      "302a300506032b6570032101",      // not all bits used
      "302a300506032b656e032100",      // X25519
      "302a300506032b6571032100",      // Ed448
      "302a300506032b6570042100",      // an octet string in place of a bit string
  };
  for (const auto head : heads) EXPECT_FALSE(certified_key(certificate_about(key_info(head)))) << head;
}

TEST(Certified_key, is_refused_where_a_length_before_it_is_longer_than_needed) {
  auto padded = certificate_about(key_info("302a300506032b6570032100"));
  ASSERT_LT(padded[1], 0x80);
  padded.insert(padded.begin() + 1, 0x81);
  EXPECT_FALSE(certified_key(padded));
}

TEST(Certified_key, is_refused_where_bytes_follow_the_certificate) {
  auto longer = certificate_about(key_info("302a300506032b6570032100"));
  longer.push_back(0);
  EXPECT_FALSE(certified_key(longer));
}

TEST(Certified_key, is_refused_for_keys_of_another_kind) {
  const raw_certificate right("ED25519");
  EXPECT_TRUE(certified_key(right.der()));
  EXPECT_FALSE(certified_key(raw_certificate("RSA").der()));
  EXPECT_FALSE(certified_key(raw_certificate("EC").der()));
  EXPECT_FALSE(certified_key(raw_certificate("ED448").der()));
  EXPECT_FALSE(certified_key(raw_certificate("X25519", right.key.get()).der()));
}

TEST(Certified_key, survives_every_cut_and_random_changes) {
  numbers random;
  const auto whole = raw_certificate("ED25519").der();
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(certified_key(const_bytes(whole).first(size))) << size;
  for (int i = 0; i < 20'000; ++i) {
    auto changed = whole;
    for (auto changes = 1 + random.below(4); changes > 0; --changes)
      changed[random.below(changed.size())] = static_cast<std::uint8_t>(random.number());
    const bytes exact(changed);  // of exactly this size, so that a sanitizer sees a read beyond it
    const auto found = certified_key(exact);
    if (!found) continue;
    EXPECT_NE(std::search(exact.begin(), exact.end(), found->value.begin(), found->value.end()), exact.end());
  }
}

}  // namespace
}  // namespace gof::secure
