#include "wire/packet.hpp"

#include "properties.hpp"

namespace gof::wire {
namespace {

packet sample() {
  packet p;
  p.source = counting_id<node_id>(0x10);
  p.destination = counting_id<node_id>(0x20);
  p.number = 0x0102030405060708;
  return p;
}

TEST(Packet, on_a_direct_path_is_these_bytes) {
  EXPECT_EQ(sample().encode(), hex("00 00 0000 1011121314151617 2021222324252627 0102030405060708"));
}

TEST(Packet, with_labels_is_these_bytes) {
  auto p = sample();
  p.hop = 1;
  p.generation = 0x0203;
  p.labels = {0x0405, 0x0607};
  EXPECT_EQ(p.encode(), hex("01 02 0203 0405 0607 1011121314151617 2021222324252627 0102030405060708"));
}

TEST(Packet, keeps_phase_and_kind_in_the_top_bits_of_its_number) {
  auto p = sample();
  p.number = 0;
  p.phase = 3;
  EXPECT_EQ(const_bytes(p.encode()).last(8)[0], 0xc0);
  p.phase = 1;
  p.is_crypto = true;
  EXPECT_EQ(const_bytes(p.encode()).last(8)[0], 0x60);
  p.phase = 0;
  p.is_crypto = false;
  p.number = packet::largest_number;
  EXPECT_EQ(const_bytes(p.encode()).last(8)[0], 0x1f);
}

TEST(Packet, gives_back_what_was_encoded) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    packet p;
    for (auto count = g.below(packet::most_labels + 1); count > 0; --count)
      p.labels.push_back(g.any<std::uint16_t>());
    p.hop = static_cast<std::uint8_t>(g.below(p.labels.size() + 1));
    p.generation = g.any<std::uint16_t>();
    p.source = g.id<node_id>();
    p.destination = g.id<node_id>();
    p.phase = static_cast<std::uint8_t>(g.below(4));
    p.is_crypto = g.coin();
    p.number = g.any<std::uint64_t>() & packet::largest_number;
    const auto back = packet::decode(p.encode());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->hop, p.hop);
    EXPECT_EQ(back->generation, p.generation);
    EXPECT_EQ(back->labels, p.labels);
    EXPECT_EQ(back->source, p.source);
    EXPECT_EQ(back->destination, p.destination);
    EXPECT_EQ(back->phase, p.phase);
    EXPECT_EQ(back->is_crypto, p.is_crypto);
    EXPECT_EQ(back->number, p.number);
  }
}

TEST(Packet, is_refused_when_cut_or_followed_by_more) {
  auto routed = sample();
  routed.labels = {1, 2, 3, 4, 5};
  for (const auto& p : {sample(), routed}) {
    expect_every_cut_refused(packet::decode, p.encode());
    expect_more_refused(packet::decode, p.encode());
  }
}

TEST(Packet, has_at_most_five_labels_and_a_hop_among_them) {
  auto p = sample();
  p.labels = {1, 2, 3, 4, 5, 6};
  EXPECT_FALSE(packet::decode(p.encode()));
  p.labels = {1, 2};
  p.hop = 2;
  EXPECT_TRUE(packet::decode(p.encode()));
  p.hop = 3;
  EXPECT_FALSE(packet::decode(p.encode()));
}

TEST(Packet, seals_type_ids_phase_and_number_but_never_the_route) {
  auto p = sample();
  p.phase = 2;
  const auto direct = p.associated(0x10);
  EXPECT_EQ(bytes(direct.begin(), direct.end()),
            hex("01 10 1011121314151617 2021222324252627 8102030405060708"));
  p.hop = 1;
  p.labels = {7, 8};
  p.generation = 9;
  EXPECT_EQ(p.associated(0x10), direct);
  EXPECT_NE(p.associated(0x11), direct);
}

TEST(Packet, reads_noise_as_itself_or_not_at_all) {
  generator g;
  auto p = sample();
  expect_total<packet>(g, p.encode());
  p.labels = {1, 2, 3};
  expect_total<packet>(g, p.encode());
}

}  // namespace
}  // namespace gof::wire
