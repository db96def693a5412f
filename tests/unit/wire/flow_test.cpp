#include "wire/flow.hpp"

#include "properties.hpp"
#include "wire/link_control.hpp"
#include "wire/path_error.hpp"

namespace gof::wire {
namespace {

flow sample_flow() {
  return {counting_id<node_id>(0x10), counting_id<node_id>(0x20), 0x0304};
}
const char* const flow_bytes = "1011121314151617 2021222324252627 0304";

template <class Message>
void expect_only_whole(const bytes& sound) {
  EXPECT_TRUE(Message::decode(sound));
  for (std::size_t size = 0; size < sound.size(); ++size)
    EXPECT_FALSE(Message::decode(const_bytes(sound).first(size))) << size;
  bytes longer = sound;
  longer.push_back(0);
  EXPECT_FALSE(Message::decode(longer));
}

TEST(Flow, messages_are_these_bytes) {
  EXPECT_EQ((hop_credit{sample_flow(), 0x0102030405060708}.encode()),
            hex(std::string(flow_bytes) + " 0102030405060708"));
  EXPECT_EQ((flow_close{sample_flow()}.encode()), hex(flow_bytes));
  EXPECT_EQ((flow_reset{sample_flow(), reason::busy}.encode()), hex(std::string(flow_bytes) + " 03"));
  EXPECT_EQ((label{0x0102}.encode()), hex("0102"));
}

TEST(Flow, messages_give_back_what_was_encoded) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    const flow f{g.id<node_id>(), g.id<node_id>(), g.any<std::uint16_t>()};
    const auto limit = g.any<std::uint64_t>();
    const auto credit = hop_credit::decode(hop_credit{f, limit}.encode());
    ASSERT_TRUE(credit);
    EXPECT_EQ(credit->flow, f);
    EXPECT_EQ(credit->limit, limit);
    EXPECT_EQ(flow_close::decode(flow_close{f}.encode())->flow, f);
    EXPECT_EQ(flow_blocked::decode(flow_blocked{f}.encode())->flow, f);
    const auto reset = flow_reset::decode(flow_reset{f, reason::unknown_route}.encode());
    ASSERT_TRUE(reset);
    EXPECT_EQ(reset->flow, f);
    EXPECT_EQ(reset->why, reason::unknown_route);
  }
}

TEST(Flow, messages_are_refused_when_cut_or_longer) {
  expect_only_whole<hop_credit>(hop_credit{sample_flow(), 7}.encode());
  expect_only_whole<flow_close>(flow_close{sample_flow()}.encode());
  expect_only_whole<flow_blocked>(flow_blocked{sample_flow()}.encode());
  expect_only_whole<flow_reset>(flow_reset{sample_flow(), reason::none}.encode());
  expect_only_whole<label>(label{5}.encode());
}

TEST(PathError, gives_back_what_was_encoded_and_is_refused_when_cut_or_longer) {
  path_error e;
  e.destination = counting_id<node_id>(0x30);
  e.number = 0x2000000000000001;
  e.tail = {1, 2, 3, 4, 5, 6, 7, 8};
  e.why = reason::unknown_route;
  EXPECT_EQ(e.encode(), hex("3031323334353637 2000000000000001 0102030405060708 10"));
  const auto back = path_error::decode(e.encode());
  ASSERT_TRUE(back);
  EXPECT_EQ(back->destination, e.destination);
  EXPECT_EQ(back->number, e.number);
  EXPECT_EQ(back->tail, e.tail);
  EXPECT_EQ(back->why, e.why);
  expect_only_whole<path_error>(e.encode());
}

}  // namespace
}  // namespace gof::wire
