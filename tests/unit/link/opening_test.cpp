#include "link/opening.hpp"

#include "link_keys.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

using wire::reason;

struct end_of_link {
  std::optional<core::opening> opening;
  frame_reader in;
  std::optional<opened_link> up;
  std::optional<core::opening::failure> failed;

  void clear() {
    opening.reset();
    in = {};
    up.reset();
    failed.reset();
  }
  void read(instant now, mutable_bytes data) {
    in.handle_bytes(data);
    opening->read(now, in);
    in.keep();
    up = opening->poll_opened();
    failed = opening->poll_failure();
  }
};

/// Each test is a sequence of steps: says(x) passes on what x has to send, and names it.
struct Opening : testing::Test, link_keys {
  instance_id alice_instance = random.draw<instance_id>();
  instance_id bob_instance = random.draw<instance_id>();
  instant now{100s};
  end_of_link dialler;
  end_of_link listener;
  bool greeted = false;
  bool met = false;

  void begin(const link_credentials& with) {
    greeted = met = false;
    dialler.clear();
    listener.clear();
    dialler.opening.emplace(now, alice, alice_instance, with);
    listener.opening.emplace(now, bob, bob_instance, network_key, random);
  }

  std::string says(end_of_link& from) { return says(from, from.opening->poll_transmit()); }
  std::string says(end_of_link& from, const_bytes said) {
    bytes data(said.begin(), said.end());
    auto name = name_of(from, data);
    (&from == &dialler ? listener : dialler).read(now, data);
    return name;
  }

  /// The first message of each side is no frame.
  std::string name_of(const end_of_link& from, const_bytes data) {
    if (data.empty()) return "";
    if (&from == &listener && !std::exchange(greeted, true)) return "GREETING";
    if (&from == &listener || std::exchange(met, true)) return names_of_frames(data);
    return "HELLO " + names_of_frames(data.subspan(*wire::hello::size_of(data)));
  }

  /// Passes an altered greeting to the dialler.
  void greet(const wire::greeting& heard) {
    auto raw = heard.encode();
    dialler.read(now, raw);
  }
};

TEST_F(Opening, comes_up_for_a_member) {
  begin(member());
  EXPECT_EQ(says(listener), "GREETING");
  EXPECT_EQ(says(dialler), "HELLO CRYPTO");
  EXPECT_EQ(says(listener), "CRYPTO");
  EXPECT_EQ(says(dialler), "CRYPTO PROOF");
  ASSERT_TRUE(listener.up);
  EXPECT_EQ(says(listener), "PROOF");
  ASSERT_TRUE(dialler.up);
  EXPECT_EQ(dialler.up->peer, bob.id());
  EXPECT_EQ(dialler.up->node, secure::node_of(bob.id(), bob_instance));
  EXPECT_EQ(listener.up->peer, alice.id());
  EXPECT_EQ(listener.up->node, secure::node_of(alice.id(), alice_instance));
  EXPECT_EQ(listener.up->with.role, wire::link_role::member);
  EXPECT_TRUE(listener.up->proof_key == dialler.up->proof_key);
  EXPECT_TRUE(listener.up->network_key && !dialler.up->network_key);
  EXPECT_FALSE(listener.up->handshake.is_under_way());
}

TEST_F(Opening, comes_up_for_a_guest_and_tells_its_ticket) {
  const auto with = guest();
  begin(with);
  says(listener);
  EXPECT_EQ(says(dialler), "HELLO CRYPTO");
  ASSERT_TRUE(listener.opening->is_admitted());
  EXPECT_EQ(listener.opening->credentials()->grant, with.grant);
  says(listener);
  says(dialler);
  ASSERT_TRUE(listener.up);
  EXPECT_EQ(listener.up->with.role, wire::link_role::guest);
  EXPECT_EQ(listener.up->with.issuer, with.issuer);
  EXPECT_EQ(listener.up->with.grant, with.grant);
}

TEST_F(Opening, leaves_what_comes_behind_the_proof) {
  begin(member());
  says(listener);
  says(dialler);
  says(listener);
  auto last = dialler.opening->poll_transmit();
  append(last, as_bytes("and more"));
  says(dialler, last);
  ASSERT_TRUE(listener.up);
  EXPECT_EQ(as_text(listener.in.peek(8)), "and more");
}

TEST_F(Opening, says_nothing_to_a_wrong_key) {
  auto with = member();
  with.key.writable()[0] ^= 1;
  begin(with);
  EXPECT_EQ(says(listener), "GREETING");
  EXPECT_EQ(says(dialler), "HELLO CRYPTO");
  ASSERT_TRUE(listener.failed);
  EXPECT_TRUE(listener.failed->stranger);
  EXPECT_FALSE(listener.opening->is_admitted());
  EXPECT_EQ(says(listener), "");
}

TEST_F(Opening, says_nothing_more_to_what_is_not_gof) {
  begin(member());
  auto question = bytes(18, 'G');
  listener.read(now, question);  // before the greeting was sent
  ASSERT_TRUE(listener.failed);
  EXPECT_TRUE(listener.failed->stranger);
  EXPECT_EQ(says(listener), "");
}

TEST_F(Opening, tells_a_right_hello_why_it_is_refused) {
  begin(member());
  listener.opening->refuse_with(reason::busy);
  EXPECT_EQ(says(listener), "GREETING");
  EXPECT_EQ(says(dialler), "HELLO CRYPTO");
  ASSERT_TRUE(listener.failed);
  EXPECT_FALSE(listener.failed->stranger);
  EXPECT_EQ(says(listener), "REFUSED");
  ASSERT_TRUE(dialler.failed);
  EXPECT_EQ(dialler.failed->why, reason::busy);
  EXPECT_TRUE(dialler.failed->told);
}

TEST_F(Opening, believes_no_refusal_of_another_link) {
  begin(member());
  listener.opening->refuse_with(reason::withdrawn);
  says(listener);
  says(dialler);
  const auto refusal = listener.opening->poll_transmit();
  begin(member());
  says(listener);
  dialler.opening->poll_transmit();
  says(listener, refusal);
  ASSERT_TRUE(dialler.failed);
  EXPECT_EQ(dialler.failed->why, reason::protocol);
  EXPECT_FALSE(dialler.failed->told);
}

TEST_F(Opening, goes_no_further_with_another_version) {
  begin(member());
  wire::greeting later;
  later.lowest = later.highest = wire::highest_version + 1;
  greet(later);
  ASSERT_TRUE(dialler.failed);
  EXPECT_EQ(dialler.failed->why, reason::version);
  EXPECT_EQ(says(dialler), "");
}

TEST_F(Opening, tells_what_a_guest_claims_before_its_hello_is_read) {
  const auto with = guest();
  begin(with);
  says(listener);
  auto hello = dialler.opening->poll_transmit();
  listener.in.handle_bytes(mutable_bytes(hello).first(wire::hello::guest_size - 1));
  EXPECT_FALSE(listener.opening->claimed(listener.in));
  listener.in.handle_bytes(mutable_bytes(hello).subspan(wire::hello::guest_size - 1));
  const auto claim = listener.opening->claimed(listener.in);
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->grant, with.grant);
  listener.opening->read(now, listener.in);
  EXPECT_FALSE(listener.opening->claimed(listener.in));
}

TEST_F(Opening, says_bye_only_where_it_can_be_read) {
  begin(member());
  says(listener);
  listener.opening->close(reason::shutdown);
  EXPECT_EQ(says(dialler), "HELLO CRYPTO");
  EXPECT_EQ(says(listener), "CRYPTO");
  dialler.opening->close(reason::shutdown);
  EXPECT_EQ(says(dialler), "CRYPTO PROOF BYE");
}

TEST_F(Opening, gives_a_stranger_two_seconds_and_the_handshake_three) {
  begin(member());
  EXPECT_EQ(listener.opening->poll_timeout(), now + 2s);
  EXPECT_EQ(dialler.opening->poll_timeout(), now + 3s);
  now += 1s;
  says(listener);
  EXPECT_EQ(dialler.opening->poll_timeout(), now + 3s);
  says(dialler);
  EXPECT_EQ(listener.opening->poll_timeout(), now + 3s);
  listener.opening->handle_timeout(now + 3s);
  const auto failed = listener.opening->poll_failure();
  ASSERT_TRUE(failed);
  EXPECT_FALSE(failed->stranger);
}

TEST_F(Opening, takes_silence_for_a_wrong_key_and_a_reset_for_nothing) {
  for (const bool reset : {false, true}) {
    begin(member());
    says(listener);
    dialler.opening->handle_closed(reset ? "connection reset by peer" : "");
    const auto failed = dialler.opening->poll_failure();
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->why, reset ? reason::none : reason::not_allowed);
  }
}

TEST_F(Opening, takes_an_end_behind_an_answer_for_no_more_than_that) {
  begin(member());
  says(listener);
  says(dialler);
  auto answer = listener.opening->poll_transmit();
  says(listener, {answer.begin(), answer.begin() + wire::frame::prefix_size});
  dialler.opening->handle_closed("");
  EXPECT_EQ(dialler.opening->poll_failure()->why, reason::not_allowed) << "no whole frame arrived";
  begin(member());
  says(listener);
  says(dialler);
  EXPECT_EQ(says(listener), "CRYPTO");
  dialler.opening->handle_closed("");
  EXPECT_EQ(dialler.opening->poll_failure()->why, reason::none);
}

}  // namespace
}  // namespace gof::core
