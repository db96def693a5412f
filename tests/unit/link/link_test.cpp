#include "link/link.hpp"

#include "support/polling.hpp"
#include "support/seeded_random.hpp"
#include "wire/link_control.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace gof::core {
namespace {

using wire::frame_type;
using wire::reason;

/// Both ends of a link; exchange() moves bytes between them.
struct Link : ::testing::Test {
  test::seeded_random random{7};
  secure::identity alice = secure::identity::generate(random);
  secure::identity bob = secure::identity::generate(random);
  instance_id alice_instance = random.draw<instance_id>();
  instance_id bob_instance = random.draw<instance_id>();
  secure::secret32 network_key = [this] {
    secure::secret32 key;
    random.fill(key.writable());
    return key;
  }();
  instant now{100s};
  std::optional<link> dialler;
  std::optional<link> listener;
  std::vector<link::event> at_dialler;
  std::vector<link::event> at_listener;

  link_credentials member() const { return {network_key, wire::link_role::member, {}, {}}; }
  link_credentials guest() {
    const auto grant = random.draw<grant_id>();
    return {secure::guest_link_key(network_key, bob.id(), grant), wire::link_role::guest, bob.id(), grant};
  }

  void begin(const link_credentials& with) {
    dialler.emplace(now, alice, alice_instance, with, random);
    listener.emplace(now, bob, bob_instance, network_key, random);
  }

  static void drain(instant when, link& at, std::vector<link::event>& into) {
    while (auto e = at.poll_event(when)) {
      const bool last = std::holds_alternative<link::down>(*e);
      into.push_back(std::move(*e));
      if (last) break;
    }
  }

  /// Passes on what both ends have to send, `step` bytes at a time, until neither has more.
  void exchange(std::size_t step = SIZE_MAX) {
    test::until_silent([&] { return carry(*listener, *dialler, at_dialler, step); },
                       [&] { return carry(*dialler, *listener, at_listener, step); });
  }

  std::size_t carry(link& from, link& to, std::vector<link::event>& into, std::size_t step) const {
    auto data = from.poll_transmit();
    for (std::size_t at = 0; at < data.size(); at += std::min(step, data.size() - at)) {
      to.handle_bytes(now, mutable_bytes(data).subspan(at, std::min(step, data.size() - at)));
      drain(now, to, into);
    }
    return data.size();
  }

  void send(link& from, std::string_view text) {
    wire::packet head;
    head.number = 5;
    from.append_packet(now, frame_type::relay_data, head, as_bytes(text));
  }

  void expect_carries(link& from, link& to, std::vector<link::event>& into) {
    send(from, "payload");
    auto data = from.poll_transmit();
    to.handle_bytes(now, data);
    const auto e = to.poll_event(now);
    ASSERT_TRUE(e && std::holds_alternative<link::received>(*e));
    EXPECT_EQ(as_text(std::get<link::received>(*e).payload), "payload");
    drain(now, to, into);
  }
};

TEST_F(Link, comes_up_at_both_ends_for_a_member) {
  begin(member());
  exchange();
  const auto* up = test::first_of<link::up>(at_dialler);
  ASSERT_NE(up, nullptr);
  EXPECT_EQ(up->peer, bob.id());
  EXPECT_EQ(up->node, secure::node_of(bob.id(), bob_instance));
  up = test::first_of<link::up>(at_listener);
  ASSERT_NE(up, nullptr);
  EXPECT_EQ(up->peer, alice.id());
  EXPECT_EQ(up->role, wire::link_role::member);
  expect_carries(*dialler, *listener, at_listener);
  expect_carries(*listener, *dialler, at_dialler);
}

TEST_F(Link, comes_up_byte_by_byte_for_a_guest) {
  const auto with = guest();
  begin(with);
  exchange(1);
  const auto* up = test::first_of<link::up>(at_listener);
  ASSERT_NE(up, nullptr);
  EXPECT_EQ(up->role, wire::link_role::guest);
  EXPECT_EQ(up->grant, with.grant);
}

TEST_F(Link, answers_a_wrong_key_with_silence) {
  auto with = member();
  with.key.writable()[0] ^= 1;
  begin(with);
  exchange();
  const auto* down = test::first_of<link::down>(at_listener);
  ASSERT_NE(down, nullptr);
  EXPECT_TRUE(down->stranger);
  EXPECT_TRUE(listener->poll_transmit().empty());
  dialler->handle_closed({});
  drain(now, *dialler, at_dialler);
  down = test::first_of<link::down>(at_dialler);
  ASSERT_NE(down, nullptr);
  EXPECT_EQ(down->why, reason::not_allowed);
}

/// The listener may have had no resources to read it, so a reset says nothing about the key.
TEST_F(Link, takes_a_reset_for_no_answer) {
  begin(guest());
  carry(*listener, *dialler, at_dialler, SIZE_MAX);
  dialler->handle_closed("connection reset by peer");
  drain(now, *dialler, at_dialler);
  const auto* down = test::first_of<link::down>(at_dialler);
  ASSERT_NE(down, nullptr);
  EXPECT_EQ(down->why, reason::none);
}

TEST_F(Link, tells_a_right_hello_why_it_is_refused) {
  begin(guest());
  listener->refuse_with(reason::busy);
  exchange();
  const auto* down = test::first_of<link::down>(at_dialler);
  ASSERT_NE(down, nullptr);
  EXPECT_EQ(down->why, reason::busy);
  EXPECT_TRUE(down->told);
}

TEST_F(Link, tells_what_a_guest_claims_before_its_hello_is_read) {
  const auto with = guest();
  begin(with);
  auto greeting = listener->poll_transmit();
  dialler->handle_bytes(now, greeting);
  drain(now, *dialler, at_dialler);
  auto hello = dialler->poll_transmit();
  listener->handle_bytes(now, mutable_bytes(hello).first(65));
  EXPECT_FALSE(listener->claimed());
  drain(now, *listener, at_listener);
  listener->handle_bytes(now, mutable_bytes(hello).subspan(65));
  const auto claim = listener->claimed();
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->issuer, with.issuer);
  EXPECT_EQ(claim->grant, with.grant);
  drain(now, *listener, at_listener);
  EXPECT_FALSE(listener->claimed());
}

TEST_F(Link, proves_another_ticket_on_this_link_alone) {
  begin(guest());
  exchange();
  const auto more = guest();
  const auto mac = dialler->grant_mac(more.key);
  EXPECT_TRUE(listener->proves({more.issuer, more.grant, mac}));
  auto wrong = mac;
  wrong[15] ^= 1;
  EXPECT_FALSE(listener->proves({more.issuer, more.grant, wrong}));
  EXPECT_FALSE(listener->proves({alice.id(), more.grant, mac})) << "the proof is for another issuer";
  EXPECT_FALSE(listener->proves({more.issuer, random.draw<grant_id>(), mac}));
  begin(guest());
  exchange();
  EXPECT_FALSE(listener->proves({more.issuer, more.grant, mac})) << "the proof was made for another link";
}

TEST_F(Link, lets_a_silent_stranger_go_after_two_seconds) {
  begin(member());
  EXPECT_EQ(listener->poll_timeout(), now + 2s);
  listener->handle_timeout(now + 2s);
  drain(now + 2s, *listener, at_listener);
  const auto* down = test::first_of<link::down>(at_listener);
  ASSERT_NE(down, nullptr);
  EXPECT_TRUE(down->stranger);
}

TEST_F(Link, closes_on_any_altered_byte_and_never_comes_up_wrong) {
  for (std::size_t victim = 0; victim < 1500; victim += 7) {
    at_dialler.clear();
    at_listener.clear();
    begin(member());
    std::size_t seen = 0;
    bool altered = false;
    for (int turn = 0; turn < 8; ++turn) {
      for (const bool from_listener : {true, false}) {
        auto& from = from_listener ? *listener : *dialler;
        auto& to = from_listener ? *dialler : *listener;
        auto data = from.poll_transmit();
        if (!altered && victim < seen + data.size()) {
          data[victim - seen] ^= 0x40;
          altered = true;
        }
        seen += data.size();
        to.handle_bytes(now, data);
        drain(now, to, from_listener ? at_dialler : at_listener);
      }
    }
    if (!altered) break;
    const bool both = dialler->is_up() && listener->is_up();
    EXPECT_FALSE(both) << "byte " << victim;
  }
}

TEST_F(Link, refuses_frames_whose_lengths_lie) {
  begin(member());
  exchange();
  bytes huge{0xff, 0xff, 0xff, 0x10, 0, 0};
  listener->handle_bytes(now, huge);
  drain(now, *listener, at_listener);
  const auto* down = test::first_of<link::down>(at_listener);
  ASSERT_NE(down, nullptr);
  EXPECT_EQ(down->why, reason::protocol);
  EXPECT_FALSE(down->stranger);
}

TEST_F(Link, pings_when_idle_and_is_down_after_three_misses) {
  begin(member());
  exchange();
  // The first ping measures the round trip at once.
  dialler->handle_timeout(now);
  now += 40ms;
  exchange();
  EXPECT_EQ(dialler->round_trip(), duration(40ms));
  now += 5s;
  for (int miss = 0; miss < 3; ++miss, now += 1s) {
    ASSERT_LE(*dialler->poll_timeout(), now);
    dialler->handle_timeout(now);
    EXPECT_FALSE(dialler->poll_transmit().empty());
    EXPECT_TRUE(dialler->is_up());
  }
  dialler->handle_timeout(now);
  drain(now, *dialler, at_dialler);
  EXPECT_NE(test::first_of<link::down>(at_dialler), nullptr);
}

TEST_F(Link, doubts_itself_before_the_other_when_its_own_loop_was_late) {
  begin(member());
  exchange();
  dialler->handle_timeout(now);
  exchange();
  now += 5s;
  for (int miss = 0; miss < 3; ++miss, now += 1s) dialler->handle_timeout(now);
  now += 30s;  // as if the process was stopped by a signal
  dialler->handle_timeout(now);
  drain(now, *dialler, at_dialler);
  EXPECT_TRUE(dialler->is_up());
  exchange();
  EXPECT_TRUE(dialler->is_up());
}

TEST_F(Link, takes_new_keys_in_midstream_after_an_hour) {
  begin(member());
  exchange();
  for (int hour = 0; hour < 3; ++hour) {
    now += link::key_lifetime;
    dialler->handle_timeout(now);
    send(*dialler, "sealed under the old keys");
    exchange(100);
    expect_carries(*dialler, *listener, at_listener);
    expect_carries(*listener, *dialler, at_dialler);
  }
  EXPECT_EQ(test::first_of<link::down>(at_dialler), nullptr);
  EXPECT_EQ(test::first_of<link::down>(at_listener), nullptr);
}

TEST_F(Link, says_goodbye_with_its_reason) {
  begin(member());
  exchange();
  listener->close(reason::shutdown);
  exchange();
  const auto* down = test::first_of<link::down>(at_dialler);
  ASSERT_NE(down, nullptr);
  EXPECT_EQ(down->why, reason::shutdown);
  EXPECT_TRUE(down->told);
}

TEST_F(Link, is_not_gof_to_a_web_browser) {
  begin(member());
  std::string question = "GET / HTTP/1.1\r\n\r\n";
  listener->handle_bytes(now, {reinterpret_cast<std::uint8_t*>(question.data()), question.size()});
  drain(now, *listener, at_listener);
  const auto* down = test::first_of<link::down>(at_listener);
  ASSERT_NE(down, nullptr);
  EXPECT_TRUE(down->stranger);
}

}  // namespace
}  // namespace gof::core
