#include "sctp/association.hpp"

#include "sctp/network.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <random>

namespace gof::sctp::test {
namespace {

using state = association::state;
using testing::ElementsAre;

TEST(Association, takes_four_packets_to_stand) {
  network net(20ms);
  const auto [client, server] = net.join();
  std::vector<std::string> ladder;
  net.on_packet = [&, c = client](network::end from, packet& sent) {
    ladder.push_back((from == c ? "-> " : "<- ") + describe(sent));
    EXPECT_FALSE(sent.has_data);
    return true;
  };
  EXPECT_EQ(client->status(), state::connecting);
  EXPECT_TRUE(client->outstanding());
  ASSERT_TRUE(net.establish(client, server));
  EXPECT_EQ(net.now() - instant{}, 80ms);
  net.run_for(1s);
  EXPECT_THAT(ladder, ElementsAre("-> INIT 32", "<- INIT-ACK 208", "-> COOKIE-ECHO 188", "<- COOKIE-ACK 16"));
  EXPECT_EQ(client->filtered() + server->filtered(), 0u);
  EXPECT_FALSE(client->outstanding());
}

TEST(Association, stands_whichever_of_its_set_up_packets_is_lost) {
  for (int lost = 0; lost < 4; ++lost) {
    network net(20ms);
    const auto [client, server] = net.join();
    int seen = 0;
    net.on_packet = [&](network::end, packet&) { return seen++ != lost; };
    ASSERT_TRUE(net.establish(client, server)) << "lost " << lost;
    EXPECT_LT(net.now() - instant{}, 1500ms) << "lost " << lost;
    net.run_for(3s);
    EXPECT_EQ(client->status(), state::up) << "lost " << lost;
    EXPECT_EQ(server->status(), state::up) << "lost " << lost;
  }
}

TEST(Association, carries_messages_intact_and_in_order_both_ways) {
  network net(5ms);
  const auto [client, server] = net.join();
  ASSERT_TRUE(net.establish(client, server));
  const std::vector<std::size_t> sizes{1, 2, 16, 1200, 1201, 16384, largest_message - 1, largest_message};
  std::map<network::end, std::vector<message>> got;
  net.on_message = [&](network::end at, message one) { got[at].push_back(std::move(one)); };
  for (const network::end from : {client, server}) {
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      ASSERT_TRUE(from->send(net.now(), 7, 0x01020300u + static_cast<std::uint32_t>(i),
                             pattern(sizes[i], static_cast<std::uint32_t>(i))));
    }
    EXPECT_TRUE(from->outstanding());
  }
  ASSERT_TRUE(net.run([&, c = client, s = server] {
    return got[c].size() == sizes.size() && got[s].size() == sizes.size() && !c->outstanding() &&
           !s->outstanding();
  }));
  for (const network::end at : {client, server}) {
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      EXPECT_EQ(got[at][i].stream, 7);
      EXPECT_EQ(got[at][i].kind, 0x01020300u + i);
      EXPECT_EQ(got[at][i].data, pattern(sizes[i], static_cast<std::uint32_t>(i)));
    }
  }
}

TEST(Association, puts_the_largest_message_into_one_packet) {
  network net(5ms);
  const auto [client, server] = net.join();
  ASSERT_TRUE(net.establish(client, server));
  std::vector<std::string> ladder;
  net.on_packet = [&](network::end, packet& sent) {
    ladder.push_back(describe(sent));
    EXPECT_EQ(sent.has_data, ladder.back().starts_with("DATA"));
    return true;
  };
  ASSERT_TRUE(client->send(net.now(), 0, 1, bytes(largest_message)));
  EXPECT_EQ(client->unacknowledged(), largest_message);
  ASSERT_TRUE(net.run([&, c = client] { return !c->outstanding(); }));
  EXPECT_THAT(ladder, ElementsAre("DATA 65000", "SACK 28"));
}

TEST(Association, sends_small_messages_of_one_turn_as_one_packet) {
  network net(5ms);
  const auto [client, server] = net.join();
  ASSERT_TRUE(net.establish(client, server));
  std::vector<std::string> ladder, got;
  net.on_packet = [&](network::end, packet& sent) {
    ladder.push_back(describe(sent));
    return true;
  };
  net.on_message = [&](network::end, message one) {
    got.push_back(std::to_string(one.stream) + ':' + std::to_string(one.data.size()));
  };
  // The first turn finds nothing in flight, the second finds the first there.
  for (int turn = 0; turn < 2; ++turn) {
    for (const std::uint16_t stream : std::initializer_list<std::uint16_t>{7, 3, 7, 9})
      ASSERT_TRUE(client->send(net.now(), stream, 1, bytes(stream)));
    net.run_for(1ms);
  }
  ASSERT_TRUE(net.run([&, c = client] { return !c->outstanding(); }));
  EXPECT_THAT(ladder,
              ElementsAre("DATA+DATA+DATA+DATA 108", "DATA+DATA+DATA+DATA 108", "SACK 28", "SACK 28"));
  EXPECT_THAT(got, ElementsAre("7:7", "3:3", "7:7", "9:9", "7:7", "3:3", "7:7", "9:9"));
}

TEST(Association, keeps_acknowledgements_ahead_of_data) {
  network net(5ms);
  const auto [client, server] = net.join();
  ASSERT_TRUE(net.establish(client, server));
  std::vector<std::string> ladder;
  std::size_t got = 0;
  net.on_message = [&](network::end, message) { ++got; };
  ASSERT_TRUE(server->send(net.now(), 1, 1, bytes(largest_message)));
  net.run_for(1s);  // acknowledged at once, as the first; the next is not
  ASSERT_TRUE(server->send(net.now(), 1, 1, bytes(largest_message)));
  const auto arriving = server->poll_packet();
  ASSERT_TRUE(arriving.has_value());
  ASSERT_TRUE(client->send(net.now(), 1, 1, bytes(10)));
  client->handle_packet(net.now(), arriving->data);
  ASSERT_TRUE(client->send(net.now(), 1, 1, bytes(10)));
  ASSERT_TRUE(client->send(net.now(), 1, 1, bytes(10)));
  net.on_packet = [&](network::end, packet& sent) {
    ladder.push_back(describe(sent));
    return true;
  };
  ASSERT_TRUE(net.run([&, c = client] { return !c->outstanding(); }));
  EXPECT_EQ(ladder.at(0), "DATA 40");
  EXPECT_EQ(ladder.at(1), "SACK+DATA+DATA 84");
  EXPECT_EQ(got, 5u);
  EXPECT_EQ(client->status(), state::up);
  EXPECT_EQ(server->status(), state::up);
}

TEST(Association, does_not_let_a_message_wait_for_others_to_share_its_packet) {
  network net(20ms);
  const auto [client, server] = net.join();
  ASSERT_TRUE(net.establish(client, server));
  for (int i = 0; i < 50; ++i) {  // no SACK arrives meanwhile
    ASSERT_TRUE(client->send(net.now(), 1, 1, bytes(10)));
    const auto sent = client->poll_packet();
    ASSERT_TRUE(sent.has_value()) << "message " << i;
    EXPECT_EQ(describe(*sent), "DATA 40");
  }
}

TEST(Association, bundles_up_to_a_limit) {
  network net(5ms);
  const auto [client, server] = net.join();
  ASSERT_TRUE(net.establish(client, server));
  std::size_t packets = 0, largest = 0, sent = 0;
  net.on_packet = [&, c = client](network::end from, packet& p) {
    if (from != c) return true;
    ++packets;
    largest = std::max(largest, p.data.size());
    return true;
  };
  std::size_t got = 0;
  net.on_message = [&](network::end, message one) { got += one.data.size(); };
  for (; sent < 100'000; sent += 1000) ASSERT_TRUE(client->send(net.now(), 1, 1, bytes(1000)));
  ASSERT_TRUE(client->send(net.now(), 1, 1, bytes(largest_message)));
  sent += largest_message;
  ASSERT_TRUE(net.run([&, c = client] { return !c->outstanding(); }));
  EXPECT_EQ(got, sent);
  EXPECT_EQ(packets, 7u + 1u);  // 16 of the small ones in each, and the large one alone
  EXPECT_EQ(largest, largest_packet);
}

TEST(Association, carries_every_stream) {
  network net;
  const auto [client, server] = net.join();
  ASSERT_TRUE(net.establish(client, server));
  std::vector<int> count(stream_count);
  net.on_message = [&](network::end, message one) { ++count[one.stream]; };
  for (std::uint16_t stream = 0; stream < stream_count; ++stream) {
    ASSERT_TRUE(client->send(net.now(), stream, 1, bytes{1}));
    ASSERT_TRUE(server->send(net.now(), stream, 1, bytes{1}));
  }
  ASSERT_TRUE(net.run([&, c = client, s = server] { return !c->outstanding() && !s->outstanding(); }));
  EXPECT_EQ(count, std::vector<int>(stream_count, 2));
}

TEST(Association, refuses_when_full_and_goes_on_later) {
  network net(20ms);
  const auto [client, server] = net.join();
  ASSERT_TRUE(net.establish(client, server));
  const bytes one = pattern(10'000, 1);
  std::size_t sent = 0, got = 0;
  while (client->send(net.now(), 3, 1, one)) ++sent;
  EXPECT_GT(sent * one.size(), std::size_t{900} << 10);
  EXPECT_LE(sent * one.size(), std::size_t{1} << 20);
  EXPECT_EQ(client->unacknowledged(), sent * one.size());
  EXPECT_FALSE(client->send(net.now(), 4, 1, one));

  net.on_message = [&](network::end, message m) { got += m.data == one; };
  ASSERT_TRUE(net.run([&, c = client] { return !c->outstanding(); }));
  EXPECT_EQ(got, sent);
  EXPECT_EQ(client->unacknowledged(), 0u);
  EXPECT_TRUE(client->send(net.now(), 3, 1, one));
}

TEST(Association, takes_more_under_way_when_the_round_trip_is_long) {
  network net(20ms);
  const auto [client, server] = net.join();
  ASSERT_TRUE(net.establish(client, server));
  const bytes one(largest_message);
  const auto fill = [&, c = client] {
    while (c->send(net.now(), 0, 1, one)) {
    }
    return c->unacknowledged() >> 20;
  };
  client->handle_round_trip(1ms);
  EXPECT_EQ(fill(), 0u);
  client->handle_round_trip(10ms);
  EXPECT_EQ(fill(), 3u);
  client->handle_round_trip(80ms);
  EXPECT_EQ(fill(), 9u);
  client->handle_round_trip(1ms);  // does not reduce it
  client->handle_round_trip(1h);
  EXPECT_EQ(fill(), 15u);
  EXPECT_EQ(client->overflowed(), 0u);
}

struct bulk {
  std::uint64_t total;
  std::uint64_t sent = 0, got = 0;
  bool intact = true;

  void pump(network& net, network::end from, const bytes& data) {
    while (sent < total && from->send(net.now(), static_cast<std::uint16_t>(sent / data.size() % 4), 1, data))
      sent += data.size();
  }
  /// True once everything has arrived.
  bool run(network& net, network::end from, const bytes& data, duration limit) {
    net.on_message = [&](network::end, message m) {
      got += m.data.size();
      intact = intact && m.data == data;
    };
    return net.run(
        [&] {
          pump(net, from, data);
          return got >= total;
        },
        limit);
  }
};

TEST(Association, moves_64_MiB_over_40_ms) {
  network net(20ms);
  const auto [client, server] = net.join();
  ASSERT_TRUE(net.establish(client, server));
  client->handle_round_trip(40ms);
  const instant start = net.now();
  const auto wall = std::chrono::steady_clock::now();
  bulk load{.total = std::uint64_t{64} << 20};
  ASSERT_TRUE(load.run(net, client, pattern(largest_message, 5), 60s));
  const double seconds = std::chrono::duration<double>(net.now() - start).count();
  std::cout << "64 MiB at 40 ms: " << seconds << " s virtual, "
            << std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count() << " s wall, "
            << net.ticks << " ticks\n";
  EXPECT_TRUE(load.intact);
  EXPECT_LT(seconds, 8);
  EXPECT_EQ(client->overflowed(), 0u);
}

TEST(Association, repairs_what_the_path_loses) {
  const std::uint32_t seed = testing::UnitTest::GetInstance()->random_seed();
  std::cout << "seed " << seed << " (--gtest_random_seed)\n";
  std::mt19937 random(seed);
  network net(5ms);
  const auto [client, server] = net.join();
  std::uint64_t lost = 0, packets = 0;
  net.on_packet = [&](network::end, packet&) {
    ++packets;
    const bool loses = random() % 100 < 5;
    lost += loses;
    return !loses;
  };
  ASSERT_TRUE(net.establish(client, server));
  bulk load{.total = std::uint64_t{8} << 20};
  ASSERT_TRUE(load.run(net, client, pattern(10'000, 9), 1h));
  EXPECT_TRUE(load.intact);
  EXPECT_GT(lost, 0u);
  std::cout << lost << " of " << packets << " packets lost, "
            << std::chrono::duration<double>(net.now() - instant{}).count() << " s virtual\n";
}

TEST(Association, outlives_a_path_that_is_gone_for_20_minutes) {
  network net(20ms);
  const auto [client, server] = net.join();
  ASSERT_TRUE(net.establish(client, server));
  bool cut = false;
  net.on_packet = [&](network::end, packet&) { return !cut; };
  bulk load{.total = std::uint64_t{2} << 20};
  const bytes data = pattern(10'000, 3);
  load.run(net, client, data, 100ms);
  cut = true;  // time for about 300 retransmissions of one chunk
  load.run(net, client, data, 20min);
  EXPECT_LT(load.got, load.total);
  EXPECT_EQ(client->status(), state::up);
  EXPECT_EQ(server->status(), state::up);
  cut = false;
  const instant back = net.now();
  ASSERT_TRUE(load.run(net, client, data, 10s));
  EXPECT_TRUE(load.intact);
  std::cout << "2 MiB finished " << std::chrono::duration<double>(net.now() - back).count() << " s after\n";
}

TEST(Association, keeps_set_up_alive_while_nobody_answers) {
  network net(20ms);
  bool cut = true;
  net.on_packet = [&](network::end, packet&) { return !cut; };
  const auto [client, server] = net.join();
  net.run_for(10min);
  EXPECT_EQ(client->status(), state::connecting);
  cut = false;
  const instant back = net.now();
  ASSERT_TRUE(net.establish(client, server));
  EXPECT_LE(net.now() - back, 4200ms);
}

}  // namespace
}  // namespace gof::sctp::test
