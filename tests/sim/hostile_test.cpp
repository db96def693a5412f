#include "node/admission.hpp"
#include "scenario.hpp"

#include <set>

namespace gof::test {
namespace {

constexpr std::uint64_t mebibyte = 1024 * 1024;

// ---- altered bytes

struct Altered : scenario, ::testing::WithParamInterface<int> {
  Altered() : scenario(static_cast<std::uint64_t>(GetParam())) {}
};

TEST_P(Altered, bits_close_the_link_with_a_reason_and_it_recovers) {
  start_at(10ms, 50e6);
  std::mt19937_64 dice(static_cast<std::uint64_t>(GetParam()));
  bring_up();
  auto& c = converse({4 * mebibyte, 4 * mebibyte});
  unsigned altered = 0;
  w.on_bytes = [&](const host&, const host&, bytes& data) {
    if (altered == 20 || dice() % 50 != 0) return;
    ++altered;
    data[dice() % data.size()] ^= static_cast<std::uint8_t>(1u << dice() % 8);
  };
  ASSERT_TRUE(w.run(200s, [&] { return said.all_over(); }));
  expect_intact(c);
  EXPECT_GE(altered, 5u);
  for (auto* h : {server, client})
    for (const auto& e : h->events())
      if (const auto* down = std::get_if<core::link_down>(&e)) {
        EXPECT_FALSE(down->detail.empty());
      }
  EXPECT_EQ(client->count<core::session_up>(), 1u);
  w.run(10s);
  expect_freed();
}

INSTANTIATE_TEST_SUITE_P(Seeds, Altered, ::testing::Range(1, 6));

struct Hostile : scenario {
  /// Connects from an address that has no host, and returns the link.
  link_id knock(const std::string& source) {
    const auto id = server->node().accept_link(w.now(), source);
    EXPECT_TRUE(id);
    open_.insert(*id);
    return *id;
  }
  /// Closes the links that the server wants closed, as its shell would.
  void listen() {
    server->on_event = [this](const core::event& e) {
      if (const auto* s = std::get_if<core::stranger>(&e)) server->node().poll_transmit(w.now(), s->link);
      if (const auto* c = std::get_if<core::close_wanted>(&e)) open_.erase(c->link);
    };
  }
  std::set<link_id> open_;
};

TEST_F(Hostile, altered_payload_costs_a_packet_and_not_the_link) {
  start_at(10ms, 50e6);
  w.between(*server, *client).piece = 1024 * 1024;  // so that frames arrive whole
  bring_up();
  auto& c = converse({2 * mebibyte, 0});
  unsigned altered = 0;
  w.on_bytes = [&](const host& from, const host&, bytes& data) {
    if (&from != client || data.size() < 30'000 || altered == 5) return;
    ++altered;
    data[data.size() - 1] ^= 1;  // the last byte of the last packet
  };
  ASSERT_TRUE(w.run(60s, [&] { return said.all_over(); }));
  expect_intact(c);
  EXPECT_EQ(altered, 5u);
  EXPECT_EQ(client->count<core::link_down>(), 0u);
  EXPECT_EQ(server->count<core::link_down>(), 0u);
}

TEST_F(Hostile, garbage_in_the_stream_closes_that_link_and_nothing_else) {
  start_at(10ms, 0);
  bring_up();
  auto& c = converse({1000, 1000, false, true});
  w.run(1s);
  bool once = true;
  w.on_bytes = [&](const host& from, const host&, bytes& data) {
    if (&from == client && std::exchange(once, false)) w.random().fill(data);
  };
  said.say(c.asker, 1000);
  ASSERT_TRUE(w.run(5s, [&] { return server->count<core::link_down>() == 1; }));
  EXPECT_EQ(server->last<core::link_down>()->why, wire::reason::protocol);
  ASSERT_TRUE(w.run(10s, [&] { return c.answerer.received == 2000; }));
  EXPECT_EQ(client->count<core::session_up>(), 1u);
  EXPECT_EQ(client->node().links().size(), 1u);
}

TEST_F(Hostile, garbage_instead_of_a_hello_is_a_stranger_and_leaves_nothing) {
  start();
  listen();
  for (int seed = 0; seed < 500; ++seed) {
    const auto id = knock("10.0.0." + std::to_string(seed % 200));
    bytes garbage(1 + w.random().number() % 3000);
    w.random().fill(garbage);
    server->node().handle_bytes(w.now(), id, garbage);
    w.run(seed % 10 == 0 ? 2100ms : 1ms);
  }
  w.run(3s);
  EXPECT_EQ(open_.size(), 0u);
  EXPECT_EQ(server->count<core::stranger>(), 500u);
  EXPECT_EQ(server->node().links().size(), 1u);  // the link to the client
}

TEST_F(Hostile, silent_sockets_are_closed_after_2_s) {
  start();
  listen();
  knock("10.0.0.1");
  w.run(1999ms);
  EXPECT_EQ(open_.size(), 1u);
  w.run(2ms);
  EXPECT_EQ(open_.size(), 0u);
}

TEST_F(Hostile, ninth_socket_of_a_source_pushes_its_oldest_out) {
  start();
  listen();
  const auto first = knock("10.0.0.1");
  const auto other = knock("10.0.0.2");
  for (std::size_t i = 1; i < core::admission::most_from_source; ++i) knock("10.0.0.1");
  w.run(1ms);
  EXPECT_EQ(open_.size(), 9u);
  knock("10.0.0.1");
  w.run(1ms);
  EXPECT_EQ(open_.size(), 9u);
  EXPECT_FALSE(open_.contains(first));
  EXPECT_TRUE(open_.contains(other));
}

TEST_F(Hostile, more_than_256_strangers_push_the_oldest_out_and_a_guest_still_gets_in) {
  start();
  listen();
  const auto first = knock("10.1.0.0");
  for (int i = 1; i < 256; ++i) knock("10.1.0." + std::to_string(i));
  w.run(1ms);
  EXPECT_EQ(open_.size(), 255u);  // the client got in, and pushed one out
  knock("10.2.0.0");
  knock("10.2.0.1");
  w.run(1ms);
  EXPECT_FALSE(open_.contains(first));
  EXPECT_EQ(client->count<core::link_up>(), 1u);
  for (int i = 0; i < 2000; ++i) {
    knock("10.3." + std::to_string(i / 200) + "." + std::to_string(i % 200));
    w.run(5ms);
    ASSERT_LE(open_.size(), core::admission::most_strangers);
  }
  EXPECT_EQ(client->count<core::link_down>(), 0u);
  w.run(3s);
  EXPECT_EQ(open_.size(), 0u);
}

/// A client whose key nobody checked is not told that it is wrong, or `forward` would give up.
TEST_F(Hostile, who_was_pushed_out_unheard_tries_on) {
  start_at(20ms, 0);
  listen();
  for (unsigned i = 0; client->count<core::unreachable>() == 0; ++i) {
    ASSERT_LT(i, 10'000u);
    knock(client->name());
    w.run(1ms);
  }
  EXPECT_EQ(client->last<core::unreachable>()->why, wire::reason::none);
  EXPECT_TRUE(w.run(10s, [&] { return client->count<core::link_up>() == 1; })) << "once the flood is over";
  w.run(3s);
}

TEST_F(Hostile, captured_packets_sent_again_are_dropped_and_answered_by_nothing) {
  start_at(10ms, 0);
  bring_up();
  bytes captured;
  w.on_bytes = [&](const host& from, const host&, bytes& data) {
    if (&from == client) append(captured, data);
  };
  auto& c = converse({100'000, 100'000});
  ASSERT_TRUE(w.run(5s, [&] { return said.all_over(); }));
  expect_intact(c);
  w.on_bytes = nullptr;
  const auto incoming = server->count<core::stream_incoming>();
  listen();
  for (const auto wait : {duration(0s), duration(1h)}) {
    w.run(wait);
    const auto id = knock("10.0.0.1");
    server->node().poll_transmit(w.now(), id);  // the server's greeting
    auto again = captured;
    server->node().handle_bytes(w.now(), id, again);
    EXPECT_TRUE(server->node().poll_transmit(w.now(), id).empty());
    w.run(3s);
  }
  EXPECT_EQ(server->count<core::stream_incoming>(), incoming);
  EXPECT_EQ(server->node().links().size(), 1u);
  EXPECT_EQ(open_.size(), 0u);
}

TEST_F(Hostile, whole_recorded_connection_sent_again_gets_a_greeting_and_no_more) {
  bytes sent, answered;
  w.on_bytes = [&](const host& from, const host&, bytes& data) {
    append(&from == client ? sent : answered, data);
  };
  start_at(10ms, 0);
  bring_up();
  auto& c = converse({100'000, 100'000});
  ASSERT_TRUE(w.run(5s, [&] { return said.all_over(); }));
  expect_intact(c);
  w.on_bytes = nullptr;
  const auto incoming = server->count<core::stream_incoming>();
  const auto again = [&] {
    const auto usual = std::exchange(server->on_event, nullptr);
    listen();
    const auto strangers = server->count<core::stranger>(), links = server->count<core::link_up>();
    const auto id = knock("10.0.0.1");
    const auto greeting = server->node().poll_transmit(w.now(), id);
    EXPECT_EQ(greeting.size(), 18u);
    EXPECT_FALSE(std::equal(greeting.begin(), greeting.end(), answered.begin()));
    auto data = sent;
    server->node().handle_bytes(w.now(), id, data);
    w.kick(*server);
    w.run(1ms);
    EXPECT_EQ(server->count<core::stranger>(), strangers + 1);
    EXPECT_TRUE(server->node().poll_transmit(w.now(), id).empty());
    EXPECT_EQ(open_.size(), 0u);
    EXPECT_EQ(server->count<core::link_up>(), links);
    server->on_event = usual;
  };
  again();
  w.run(1h);
  again();
  EXPECT_EQ(client->count<core::link_down>(), 0u);
  EXPECT_EQ(server->count<core::stream_incoming>(), incoming);
  auto& fresh = converse({1000, 1000});
  ASSERT_TRUE(w.run(5s, [&] { return fresh.over(); }));
  expect_intact(fresh);
  kill(*server);
  w.restart(*server);
  said.serve(*server);
  server->forget_events();
  again();
}

}  // namespace
}  // namespace gof::test
