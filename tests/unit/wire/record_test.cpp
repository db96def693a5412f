#include "wire/record.hpp"

#include "properties.hpp"
#include "wire/record_frame.hpp"

namespace gof::wire {
namespace {

record sample() {
  record r;
  r.part = record_part::profile;
  r.peer = counting_id<peer_id>(0x10);
  r.instance = counting_id<instance_id>(0xa0);
  r.seq = 0x0102030405060708;
  r.lifetime = 600;
  r.body = hex("cafe");
  r.signature.fill(0x55);
  return r;
}

TEST(Record, is_these_bytes) {
  const auto head =
      hex("01 02 101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f a0a1a2a3a4a5a6a7"
          "0102030405060708 00000258 cafe");
  EXPECT_EQ(sample().signed_part(), head);
  auto whole = head;
  whole.resize(whole.size() + record::signature_size, 0x55);
  EXPECT_EQ(sample().encode(), whole);
}

TEST(Record, gives_back_what_was_encoded) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    record r;
    r.part = g.coin() ? record_part::links : record_part::profile;
    r.peer = g.id<peer_id>();
    r.instance = g.id<instance_id>();
    r.seq = g.number() >> 1;
    r.lifetime = static_cast<std::uint32_t>(1 + g.below(record::longest_lifetime));
    r.body = g.block_up_to(300);
    r.signature = g.array<record::signature_size>();
    const auto back = record::decode(r.encode());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->part, r.part);
    EXPECT_EQ(back->peer, r.peer);
    EXPECT_EQ(back->instance, r.instance);
    EXPECT_EQ(back->seq, r.seq);
    EXPECT_EQ(back->lifetime, r.lifetime);
    EXPECT_EQ(back->body, r.body);
    EXPECT_EQ(back->signature, r.signature);
  }
}

TEST(Record, is_refused_when_shorter_than_a_head_and_a_signature) {
  auto r = sample();
  r.body.clear();
  const auto least = r.encode();
  EXPECT_EQ(least.size(), record::head_size + record::signature_size);
  expect_every_cut_refused(record::decode, least);
}

TEST(Record, is_at_most_16_kib) {
  auto r = sample();
  r.body.resize(record::largest_body);
  auto whole = r.encode();
  EXPECT_EQ(whole.size(), record::largest);
  EXPECT_TRUE(record::decode(whole));
  whole.push_back(0);
  EXPECT_FALSE(record::decode(whole));
}

TEST(Record, of_another_version_or_part_is_refused) {
  auto whole = sample().encode();
  whole[0] = 2;
  EXPECT_FALSE(record::decode(whole));
  whole = sample().encode();
  for (const int part : {0, 3, 255}) {
    whole[1] = static_cast<std::uint8_t>(part);
    EXPECT_FALSE(record::decode(whole)) << part;
  }
}

TEST(Record, has_a_sequence_number_that_another_can_follow) {
  auto r = sample();
  r.seq = record::no_seq - 1;
  EXPECT_TRUE(record::decode(r.encode()));
  r.seq = record::no_seq;
  EXPECT_FALSE(record::decode(r.encode()));
}

TEST(Record, lives_for_a_second_to_an_hour) {
  auto r = sample();
  for (const std::uint32_t right : {1u, record::longest_lifetime}) {
    r.lifetime = right;
    EXPECT_TRUE(record::decode(r.encode())) << right;
  }
  for (const std::uint32_t wrong : {0u, record::longest_lifetime + 1, ~0u}) {
    r.lifetime = wrong;
    EXPECT_FALSE(record::decode(r.encode())) << wrong;
  }
}

TEST(Record, reads_noise_as_itself_or_not_at_all) {
  generator g;
  expect_total<record>(g, sample().encode());
}

TEST(RecordFrame, is_these_bytes_and_refused_when_too_large) {
  const record_frame frame{0x01020304, hex("aabb")};
  EXPECT_EQ(frame.encode(), hex("01020304 aabb"));
  const auto back = record_frame::decode(frame.encode());
  ASSERT_TRUE(back);
  EXPECT_EQ(back->remaining, frame.remaining);
  EXPECT_EQ(back->data, frame.data);
  expect_every_cut_refused(record_frame::decode, hex("01020304"));
  EXPECT_TRUE(record_frame::decode(bytes(4 + record::largest)));
  EXPECT_FALSE(record_frame::decode(bytes(5 + record::largest)));
}

TEST(RecordFrame, reads_noise_as_itself_or_not_at_all) {
  generator g;
  expect_total<record_frame>(g, hex("01020304 aabbccdd"));
}

}  // namespace
}  // namespace gof::wire
