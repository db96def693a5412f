// What the windows of idle streams cost other streams: nothing, since their credit is given back.
#include "mux/credit_budget.hpp"
#include "scenario.hpp"

#include <iostream>
#include <random>

namespace gof::test {
namespace {

constexpr std::uint64_t mebibyte = 1024 * 1024;
constexpr std::size_t first_window = core::credit_budget::first_window;
constexpr duration long_enough_idle = 1s;  // for round trips of up to 150 ms

/// In MB/s, for bytes that arrived within `time`.
double rate(std::uint64_t bytes_came, duration time) {
  return static_cast<double>(bytes_came) / 1e6 / std::chrono::duration<double>(time).count();
}

struct Windows : scenario {
  explicit Windows(std::uint64_t seed = 1) : scenario(seed) {}

  void bring_up_at(duration delay, double bits_per_second) {
    start_at(delay, bits_per_second);
    bring_up();
  }
  conversation& opened() {
    auto& c = converse({0, 0, false, true});
    EXPECT_TRUE(w.run(5s, [&] { return c.accepted && c.answerer.is_open(); }));
    return c;
  }
  void fetch(conversation& c, std::uint64_t size) {
    said.say(c.answerer, size);
    EXPECT_TRUE(w.run(60s, [&] { return c.asker.received == c.answerer.length; }));
  }
  /// Opens this many streams, each fast at first and then idle.
  std::vector<conversation*> pool(std::size_t size, std::uint64_t each) {
    std::vector<conversation*> all;
    for (std::size_t i = 0; i < size; ++i) {
      all.push_back(&opened());
      fetch(*all.back(), each);
    }
    return all;
  }
  /// MB/s of a new stream in its second second, after its window grew.
  double goodput_of_a_new_one() {
    auto& c = opened();
    said.say(c.answerer, 512 * mebibyte);
    w.run(1s);
    const auto before = c.asker.received;
    w.run(1s);
    const auto speed = rate(c.asker.received - before, 1s);
    said.reset(c.asker);
    w.run(long_enough_idle);
    return speed;
  }
  void end_all() {
    for (auto* c : said.open_ones()) {
      said.finish(c->asker);
      said.finish(c->answerer);
    }
    EXPECT_TRUE(w.run(20s, [&] { return said.all_over(); }));
    w.run(1s);
    expect_freed();
    EXPECT_EQ(client->node().granted_bytes() + server->node().granted_bytes(), 0u);
  }
};

TEST_F(Windows, of_32_that_were_fast_once_come_back_and_a_new_one_is_as_fast_as_alone) {
  bring_up_at(25ms, 400e6);
  const auto alone = goodput_of_a_new_one();
  pool(32, 12 * mebibyte);
  w.run(long_enough_idle);
  EXPECT_EQ(client->node().granted_bytes(), 32 * first_window);
  const auto beside = goodput_of_a_new_one();
  std::cout << "a new stream after 1 s: " << alone << " MB/s alone, " << beside << " beside 32 idle ones\n";
  EXPECT_GE(beside, 0.8 * alone);
  end_all();
}

TEST_F(Windows, of_the_sending_side_come_back_too) {
  bring_up_at(25ms, 400e6);
  auto& c = opened();
  said.say(c.asker, 12 * mebibyte);
  ASSERT_TRUE(w.run(60s, [&] { return c.answerer.received == c.asker.length; }));
  EXPECT_GT(server->node().granted_bytes(), mebibyte);
  w.run(long_enough_idle);
  EXPECT_EQ(server->node().granted_bytes(), first_window);
  end_all();
}

TEST_F(Windows, stay_over_a_short_pause) {
  bring_up_at(25ms, 400e6);
  auto& c = opened();
  fetch(c, 12 * mebibyte);
  const auto granted = client->node().granted_bytes();
  for (int i = 0; i < 20; ++i) {
    w.run(150ms);  // plus half a round trip: less than four round trips
    fetch(c, 1000);
  }
  EXPECT_EQ(client->node().granted_bytes(), granted);
  end_all();
}

/// What was sent stays in flight for longer than the pause.
TEST_F(Windows, stay_while_a_slow_line_is_busy) {
  bring_up_at(25ms, 4e6);
  auto& c = opened();
  fetch(c, 4 * mebibyte);
  const auto before = w.now();
  const auto begun = c.asker.received;
  for (int i = 0; i < 10; ++i) {
    said.say(c.answerer, mebibyte / 2);  // takes a second on this line
    w.run(900ms);
  }
  ASSERT_TRUE(w.run(60s, [&] { return c.asker.received == c.answerer.length; }));
  EXPECT_GE(rate(c.asker.received - begun, w.now() - before), 0.95 * 4 / 8);
  end_all();
}

TEST_F(Windows, of_a_stream_that_goes_on_after_a_pause_grow_as_those_of_a_new_one) {
  bring_up_at(25ms, 400e6);
  auto& c = opened();
  const auto time_of = [&](std::uint64_t size) {
    const auto before = w.now();
    fetch(c, size);
    return w.now() - before;
  };
  const auto begun = time_of(4 * mebibyte);
  fetch(c, 12 * mebibyte);
  w.run(60s);
  EXPECT_EQ(client->node().granted_bytes(), first_window);
  const auto again = time_of(4 * mebibyte);
  std::cout << "4 MiB: " << std::chrono::duration<double>(begun).count() << " s at first, "
            << std::chrono::duration<double>(again).count() << " s after a pause\n";
  EXPECT_LE(again, begun + 5ms);
  end_all();
}

TEST_F(Windows, are_within_the_budget_while_32_wake_at_once) {
  bring_up_at(25ms, 0);
  const auto all = pool(32, 12 * mebibyte);
  w.run(long_enough_idle);
  for (auto* c : all) {
    said.stop_reading(c->asker);
    said.say(c->answerer, 24 * mebibyte);
  }
  w.run(2s);
  EXPECT_LE(client->node().held_bytes(), 32 * first_window);
  std::size_t most = 0;
  for (auto* c : all) said.go_on_reading(c->asker);
  ASSERT_TRUE(w.run(60s, [&] {
    most = std::max(most, client->node().granted_bytes());
    EXPECT_LE(client->node().held_bytes(), client->node().granted_bytes());
    return std::all_of(all.begin(), all.end(),
                       [](const auto* c) { return c->asker.received == c->answerer.length; });
  }));
  std::cout << "granted at most " << most / mebibyte << " MiB\n";
  EXPECT_LE(most, core::credit_budget::limit / 4 + 32 * first_window);
  EXPECT_GE(most, 16 * mebibyte);
  w.run(long_enough_idle);
  EXPECT_EQ(client->node().granted_bytes(), 32 * first_window);
  end_all();
}

TEST_F(Windows, that_came_back_leave_an_idle_session_silent) {
  bring_up_at(10ms, 400e6);
  auto& c = opened();
  std::uint64_t carried = 0;
  w.on_bytes = [&](const host&, const host&, bytes& data) { carried += data.size(); };
  const auto in_a_minute = [&] {
    w.run(long_enough_idle);
    carried = 0;
    w.run(60s);
    return carried;
  };
  const auto before = in_a_minute();
  fetch(c, 12 * mebibyte);
  const auto after = in_a_minute();
  EXPECT_NEAR(static_cast<double>(after), static_cast<double>(before), 0.05 * static_cast<double>(before));
  w.on_bytes = nullptr;
  end_all();
}

// ---- trouble on the path

/// Two routes to the server, of which one is killed; bursts and pauses of several streams in both directions.
struct Bursts : Windows, ::testing::WithParamInterface<int> {
  Bursts() : Windows(static_cast<std::uint64_t>(GetParam())), draw(static_cast<unsigned>(GetParam())) {}

  std::mt19937 draw;
  host* relays[2]{};

  std::uint64_t below(std::uint64_t n) { return draw() % n; }

  void line(host& a, host& b, duration delay) {
    auto& way = w.between(a, b);
    way.delay = delay;
    way.bits_per_second = 100e6;
    way.buffer = 256 * 1024;
  }
  void SetUp() override {
    server = &w.add_member("server");
    said.serve(*server);
    grant = w.ticket(*server, {"web"});
    said.allow(*server, grant);
    grant.addresses.clear();
    client = &w.add_guest("client");
    for (auto& r : relays) {
      r = &w.add_member("relay" + std::to_string(&r - relays));
      line(*server, *r, 15ms);
      line(*client, *r, 15ms);
      w.join(*server, *r);
      grant.addresses.push_back({r->name(), r->port()});
    }
    said.serve(*client);
    ASSERT_FALSE(client->node().add_ticket(w.now(), grant));
    w.kick(*client);
    bring_up();
    ASSERT_TRUE(w.run(5s, [&] { return client->node().links().size() == 2; }));
  }
  void bursts(duration time) {
    const auto until = w.now() + time;
    while (w.now() < until) {
      auto& c = *said.all()[below(said.all().size())];
      auto& from = below(2) ? c.asker : c.answerer;
      said.say(from, 1 + below(3 * mebibyte));
      w.run(std::chrono::milliseconds(below(300)));
      if (below(4) == 0) w.run(std::chrono::milliseconds(below(1500)));
    }
  }
};

TEST_P(Bursts, with_loss_and_a_path_that_goes_lose_nothing_and_give_all_back) {
  for (int i = 0; i < 6; ++i) opened();
  bursts(4s);
  w.lose(*client, *relays[0], 0.02);
  w.lose(*client, *relays[1], 0.02);
  bursts(6s);
  // The relay that carries the streams, with a pause that falls into the stall.
  kill(*(relays[0]->node().held_bytes() >= relays[1]->node().held_bytes() ? relays[0] : relays[1]));
  bursts(10s);
  w.lose(*client, *relays[0], 0);
  w.lose(*client, *relays[1], 0);
  ASSERT_TRUE(w.run(60s, [&] {
    for (const auto& c : said.all())
      if (c->asker.received != c->answerer.length || c->answerer.received != c->asker.length) return false;
    return true;
  }));
  EXPECT_EQ(client->count<core::session_over>() + server->count<core::session_over>(), 0u);
  w.run(3s);
  EXPECT_EQ(client->node().granted_bytes(), 6 * first_window);
  EXPECT_EQ(server->node().granted_bytes(), 6 * first_window);
  end_all();
}

INSTANTIATE_TEST_SUITE_P(Seeds, Bursts, ::testing::Range(1, 7));

// ---- several peers

/// MB/s of a guest's stream to a server in its second second, alone or next to another guest that takes all
/// it can get with many busy streams.
double beside_a_hog(bool there_is_one, std::size_t& granted) {
  world w(1);
  traffic said(w);
  auto& server = w.add_member("server");
  said.serve(server);
  const auto guest = [&](const char* name, std::uint8_t number, double bits_per_second) {
    auto& g = w.add_guest(name);
    auto& line = w.between(server, g);
    line.delay = 25ms;
    line.bits_per_second = bits_per_second;
    const auto t = w.ticket(server, {"web"}, number);
    said.serve(g);
    said.allow(server, t);
    EXPECT_FALSE(g.node().add_ticket(w.now(), t));
    w.kick(g);
    EXPECT_TRUE(w.run(5s, [&] { return g.count<core::session_up>() > 0; }));
    return &g;
  };
  auto* hog = guest("hog", 1, 1e9);
  auto* other = guest("other", 2, 200e6);
  if (there_is_one) {
    for (int i = 0; i < 400; ++i) said.open(*hog, server.node().peer(), {512 * mebibyte, 0});
    w.run(4s);
  }
  granted = server.node().granted_bytes();
  auto& c = said.open(*other, server.node().peer(), {512 * mebibyte, 0});
  w.run(1s);
  const auto before = c.answerer.received;
  w.run(1s, [&] {
    EXPECT_LE(server.node().granted_bytes(), core::credit_budget::limit);
    return false;
  });
  return rate(c.answerer.received - before, 1s);
}

TEST(Peers, with_many_busy_streams_leave_a_new_one_of_another_peer_its_speed) {
  std::size_t granted = 0;
  const auto alone = beside_a_hog(false, granted);
  const auto beside = beside_a_hog(true, granted);
  std::cout << "a new stream after 1 s: " << alone << " MB/s alone, " << beside << " beside "
            << granted / mebibyte << " MiB of another peer's windows\n";
  EXPECT_GE(granted, core::credit_budget::limit / 4);
  EXPECT_GE(beside, 0.8 * alone);
}

}  // namespace
}  // namespace gof::test
