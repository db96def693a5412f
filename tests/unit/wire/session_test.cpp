#include "wire/session.hpp"

#include "base/peer_name.hpp"
#include "properties.hpp"

namespace gof::wire {
namespace {

session_hello sample() {
  session_hello message;
  message.instance = counting_id<instance_id>(0x10);
  message.session = counting_id<session_id>(0x20);
  message.survive_ms = 60'000;
  message.features = 0x01020304;
  message.name = "box";
  message.host_proof = counting<std::array<std::uint8_t, 16>>(0xb0);
  return message;
}

TEST(SessionFrame, keeps_the_numbers_of_the_wire) {
  EXPECT_EQ(static_cast<int>(session_frame::hello), 0);
  EXPECT_EQ(static_cast<int>(session_frame::sctp), 1);
  EXPECT_EQ(static_cast<int>(session_frame::probe), 2);
  EXPECT_EQ(static_cast<int>(session_frame::probe_reply), 3);
  EXPECT_EQ(static_cast<int>(session_frame::close), 4);
}

TEST(SessionHello, is_these_bytes) {
  EXPECT_EQ(sample().encode(), hex("1011121314151617 2021222324252627 0000ea60 01020304 03 626f78"
                                   "b0b1b2b3b4b5b6b7b8b9babbbcbdbebf"));
}

TEST(SessionHello, gives_back_what_was_encoded) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    session_hello message;
    message.instance = g.id<instance_id>();
    message.session = g.id<session_id>();
    message.survive_ms = g.any<std::uint32_t>();
    message.features = g.any<std::uint32_t>();
    message.name = g.any_peer_name();
    message.host_proof = g.array<16>();
    const auto back = session_hello::decode(message.encode());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->instance, message.instance);
    EXPECT_EQ(back->session, message.session);
    EXPECT_EQ(back->survive_ms, message.survive_ms);
    EXPECT_EQ(back->features, message.features);
    EXPECT_EQ(back->name, message.name);
    EXPECT_EQ(back->host_proof, message.host_proof);
  }
}

TEST(SessionHello, is_refused_when_cut) {
  expect_every_cut_refused(session_hello::decode, sample().encode());
}

TEST(SessionHello, ignores_what_a_newer_version_puts_behind_it) {
  auto longer = sample().encode();
  append(longer, hex("ff00ff"));
  const auto back = session_hello::decode(longer);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->encode(), sample().encode());
}

TEST(SessionHello, has_a_name_of_at_most_63_bytes) {
  auto message = sample();
  message.name = std::string(64, 'n');
  const auto cut = session_hello::decode(message.encode());
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->name, std::string(63, 'n'));
  auto data = sample().encode();
  data[24] = 64;
  append(data, bytes(61, 'n'));
  EXPECT_FALSE(session_hello::decode(data));
}

TEST(SessionHello, with_a_name_that_breaks_the_rule_is_read_without_one) {
  for (const auto* name :
       {"`id`", "a b", "--help", "gof1x", "\xc0\xaf", "\xff", "a\x1b[2J", "\xe2\x80\xa8"}) {
    auto message = sample();
    message.name = name;
    const auto read = session_hello::decode(message.encode());
    ASSERT_TRUE(read) << name;
    EXPECT_EQ(read->name, "");
    EXPECT_EQ(read->session, message.session);
  }
}

TEST(SessionHello, reads_noise_as_its_known_part_or_not_at_all) {
  generator g;
  expect_total(
      g, session_hello::decode, [](const session_hello& message) { return message.encode(); },
      sample().encode(),
      [](const bytes& data) {
        const auto name = as_text(const_bytes(data).subspan(25, data[24]));
        bytes known(data.begin(), data.begin() + 24);
        known.push_back(static_cast<std::uint8_t>(peer_name_or_none(name).size()));
        append(known, as_bytes(peer_name_or_none(name)));
        append(known, const_bytes(data).subspan(25 + std::size_t{data[24]}, 16));
        return known;
      });
}

TEST(SessionProbe, is_these_bytes) {
  EXPECT_EQ(session_probe{0x01020304}.encode(), hex("01020304"));
}

TEST(SessionProbe, gives_back_what_was_encoded_and_refuses_all_else) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    const session_probe message{g.any<std::uint32_t>()};
    const auto back = session_probe::decode(message.encode());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->number, message.number);
  }
  expect_every_cut_refused(session_probe::decode, session_probe{7}.encode());
  expect_more_refused(session_probe::decode, session_probe{7}.encode());
  expect_total<session_probe>(g, session_probe{7}.encode());
}

TEST(SessionClose, is_these_bytes) {
  EXPECT_EQ(session_close{reason::superseded}.encode(), hex("0c"));
}

TEST(SessionClose, gives_back_what_was_encoded_and_refuses_all_else) {
  generator g;
  for (unsigned number = 0; number < reason_count; ++number) {
    const session_close message{static_cast<reason>(number)};
    const auto back = session_close::decode(message.encode());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->why, message.why);
  }
  expect_every_cut_refused(session_close::decode, session_close{}.encode());
  expect_more_refused(session_close::decode, session_close{}.encode());
  expect_total(
      g, session_close::decode, [](const session_close& message) { return message.encode(); },
      session_close{}.encode(), known_reason_at(0));
}

}  // namespace
}  // namespace gof::wire
