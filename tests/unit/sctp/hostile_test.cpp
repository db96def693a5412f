#include "sctp/chunk.hpp"
#include "sctp/network.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <malloc.h>
#include <random>

namespace gof::sctp::test {
namespace {

using state = association::state;

/// An association that is up, with a record of its packets.
struct standing {
  network net{5ms};
  network::end client, server;
  std::vector<bytes> by_client, by_server;

  standing() {
    std::tie(client, server) = net.join();
    net.on_packet = [this](network::end from, packet& sent) {
      (from == client ? by_client : by_server).push_back(sent.data);
      return true;
    };
    EXPECT_TRUE(net.establish(client, server));
    talk();
  }
  void talk() {
    for (int i = 0; i < 4; ++i) {
      EXPECT_TRUE(client->send(net.now(), 1, 1, pattern(100, 1)));
      EXPECT_TRUE(server->send(net.now(), 1, 1, pattern(100, 1)));
      EXPECT_TRUE(net.run([this] { return !client->outstanding() && !server->outstanding(); }));
    }
  }
  bytes data_packet() const {
    for (const bytes& one : by_client)
      if (describe({one, true}).starts_with("DATA")) return one;
    return {};
  }
};

std::mt19937 seeded() {
  const std::uint32_t seed = testing::UnitTest::GetInstance()->random_seed();
  std::cout << "seed " << seed << " (--gtest_random_seed)\n";
  return std::mt19937(seed);
}

TEST(Association, stays_up_through_garbage) {
  standing s;
  std::mt19937 random = seeded();
  for (int i = 0; i < 20'000; ++i) {
    bytes junk(random() % 200);
    for (auto& b : junk) b = static_cast<std::uint8_t>(random());
    s.server->handle_packet(s.net.now(), junk);
    s.client->handle_packet(s.net.now(), junk);
  }
  EXPECT_EQ(s.server->filtered(), 20'000u);
  s.talk();
}

TEST(Association, stays_up_through_truncated_packets) {
  standing s;
  for (const bytes& whole : s.by_client) {
    for (std::size_t size = 0; size < whole.size(); ++size)
      s.server->handle_packet(s.net.now(), const_bytes(whole).first(size));
  }
  EXPECT_EQ(s.server->status(), state::up);
  s.talk();
}

TEST(Association, takes_repeats_of_everything_it_ever_saw) {
  standing s;
  s.net.on_packet = nullptr;
  int got = 0;
  s.net.on_message = [&](network::end, message) { ++got; };
  for (int round = 0; round < 3; ++round) {
    for (const bytes& one : s.by_client) s.server->handle_packet(s.net.now(), one);
    for (const bytes& one : s.by_server) s.client->handle_packet(s.net.now(), one);
    s.net.run_for(50ms);
  }
  EXPECT_EQ(got, 0) << "nothing is delivered twice";
  s.talk();
}

TEST(Association, drops_a_flood_of_inits_once_it_stands) {
  standing s;
  const std::uint64_t before = s.server->filtered();
  int answers = 0;
  s.net.on_packet = [&](network::end, packet&) { return ++answers, true; };
  for (std::uint32_t i = 1; i <= 1000; ++i) {
    bytes init = s.by_client.front();
    store32(init, 16, i);  // a different initiate tag each time
    s.server->handle_packet(s.net.now(), init);
  }
  EXPECT_EQ(s.server->filtered() - before, 1000u);
  s.net.run_for(10s);
  EXPECT_EQ(answers, 0);
  s.net.on_packet = nullptr;
  s.talk();
}

TEST(Association, survives_a_flood_of_inits_before_it_stands) {
  network net(5ms);
  const network::end server = net.add(association::role::server, 5000);
  const network::end client = net.add(association::role::client, 5000);
  bytes init = client->poll_packet()->data;
  for (std::uint32_t i = 1; i <= 1000; ++i) {
    store32(init, 16, i);
    server->handle_packet(net.now(), init);
    while (server->poll_packet()) {
    }
  }
  net.link(client, server);
  ASSERT_TRUE(net.establish(client, server));
}

TEST(Association, never_crashes_nor_grows_on_flipped_bits) {
  std::mt19937 random = seeded();
  const auto flips = [&](int rounds) {
    for (int round = 0; round < rounds; ++round) {
      standing s;
      s.net.on_packet = nullptr;
      for (int i = 0; i < 300; ++i) {
        const auto& from = random() % 2 ? s.by_client : s.by_server;
        bytes bent = from[random() % from.size()];
        for (auto flip = random() % 3 + 1; flip > 0; --flip)
          bent[random() % bent.size()] ^= static_cast<std::uint8_t>(1u << random() % 8);
        (&from == &s.by_client ? s.server : s.client)->handle_packet(s.net.now(), bent);
        if (i % 10 == 0) s.net.run_for(15ms);
      }
      s.net.run_for(3s);
    }
  };
  flips(5);  // fills usrsctp's caches
  const std::size_t before = mallinfo2().uordblks;
  flips(20);
  const std::size_t after = mallinfo2().uordblks;
  EXPECT_LT(after, before + (std::size_t{1} << 20));
}

TEST(Association, goes_down_when_its_peer_aborts) {
  standing s;
  bytes abort = s.data_packet();
  abort.resize(16);
  abort[12] = 6;
  abort[13] = 0;
  abort[14] = 0;
  abort[15] = 4;
  ASSERT_TRUE(s.server->send(s.net.now(), 1, 1, bytes(100)));
  s.server->handle_packet(s.net.now(), abort);
  EXPECT_EQ(s.server->status(), state::down);
  EXPECT_EQ(s.server->unacknowledged(), 0u);
  EXPECT_FALSE(s.server->outstanding());
  EXPECT_FALSE(s.server->send(s.net.now(), 1, 1, bytes(100)));
  s.server->handle_packet(s.net.now(), s.data_packet());
  EXPECT_EQ(s.server->status(), state::down);
}

TEST(Association, delivers_what_came_before_an_abort) {
  standing s;
  s.by_client.clear();
  s.net.on_packet = [&](network::end, packet& sent) { return s.by_client.push_back(sent.data), false; };
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(s.client->send(s.net.now(), 1, 1, pattern(60'000, 1)));
  s.net.run_for(1ms);
  ASSERT_GE(s.by_client.size(), 3u);
  for (int i = 0; i < 3; ++i) s.server->handle_packet(s.net.now(), s.by_client[static_cast<std::size_t>(i)]);
  bytes abort(s.by_client.front().begin(), s.by_client.front().begin() + 16);
  store32(abort, 12, 0x06000004);
  s.server->handle_packet(s.net.now(), abort);
  int got = 0;
  while (s.server->poll_message()) ++got;
  EXPECT_EQ(got, 3);
  EXPECT_EQ(s.server->status(), state::down);
}

TEST(Association, joins_fragments_up_to_the_largest_message_and_no_further) {
  for (const std::size_t piece : {10'000u, 30'000u}) {
    standing s;
    s.net.on_packet = nullptr;
    const bytes whole = s.data_packet();
    std::uint32_t tsn = load32(whole, 16) + 4;
    const std::uint16_t sequence = static_cast<std::uint16_t>(load16(whole, 22) + 4);
    constexpr std::uint8_t first = 2, middle = 0, last = 1;
    std::vector<message> got;
    s.net.on_message = [&](network::end, message m) { got.push_back(std::move(m)); };
    for (const std::uint8_t flags : {first, middle, last}) {
      bytes part(whole.begin(), whole.begin() + 28);
      part[13] = flags;
      store16(part, 14, static_cast<std::uint16_t>(piece + 16));
      store32(part, 16, tsn++);
      store16(part, 22, sequence);
      const bytes payload = pattern(piece, flags);
      append(part, payload);
      s.server->handle_packet(s.net.now(), part);
      s.net.run_for(1ms);
    }
    if (piece * 3 <= largest_message) {
      ASSERT_EQ(got.size(), 1u);
      EXPECT_EQ(got[0].data.size(), piece * 3);
      EXPECT_EQ(s.server->status(), state::up);
    } else {
      EXPECT_TRUE(got.empty());
      EXPECT_EQ(s.server->status(), state::down);
    }
  }
}

TEST(Association, drops_its_own_packets_when_nobody_polls) {
  network net(5ms);
  const network::end server = net.add(association::role::server, 5000);
  const network::end client = net.add(association::role::client, 5000);
  const bytes init = client->poll_packet()->data;
  for (int i = 0; i < 200'000 && server->overflowed() == 0; ++i) server->handle_packet(net.now(), init);
  EXPECT_GT(server->overflowed(), 0u);
  std::size_t waiting = 0;
  while (const auto one = server->poll_packet()) waiting += one->data.size();
  EXPECT_LT(waiting, std::size_t{20} << 20);
  net.link(client, server);
  ASSERT_TRUE(net.establish(client, server));
}

}  // namespace
}  // namespace gof::sctp::test
