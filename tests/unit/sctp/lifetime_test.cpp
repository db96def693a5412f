#include "sctp/network.hpp"
#include "support/wall_clock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>

namespace gof::sctp::test {
namespace {

using gof::test::wall_clock;
using state = association::state;

TEST(Stack, finishes_and_starts_again) {
  for (int round = 0; round < 3; ++round) {
    network net;
    const auto [client, server] = net.join();
    ASSERT_TRUE(net.establish(client, server));
    ASSERT_TRUE(client->send(net.now(), 1, 1, bytes(5000)));
    net.remove(client);
    net.remove(server);
    net.finish();
  }
}

TEST(Stack, finishes_after_every_stage_of_an_association) {
  for (int packets = 0; packets <= 6; ++packets) {
    network net(10ms);
    int left = packets;
    net.on_packet = [&](network::end, packet&) { return left-- > 0; };
    const auto [client, server] = net.join();
    net.run_for(35ms);
    if (client->status() == state::up) client->send(net.now(), 1, 1, bytes(50'000));
    net.run_for(35ms);
    net.remove(packets % 2 ? client : server);
    net.remove(packets % 2 ? server : client);
    net.finish();
  }
}

TEST(Stack, wants_no_tick_before_anything_happens) {
  network net;
  EXPECT_FALSE(net.on().poll_timeout());
  net.add(association::role::server, 5000);
  EXPECT_FALSE(net.on().poll_timeout()) << "a listener has no timeout";
}

TEST(Stack, ticks_only_while_busy_and_a_second_after) {
  network net(20ms);
  const auto [client, server] = net.join();
  ASSERT_TRUE(net.establish(client, server));
  const instant up = net.now();
  ASSERT_TRUE(net.run([&] { return net.quiet(); }));
  EXPECT_GE(net.now() - up, 950ms);
  EXPECT_LE(net.now() - up, 1100ms);
  const std::uint64_t before = net.ticks;
  net.run_for(1h);
  EXPECT_EQ(net.ticks, before);

  // usrsctp did not notice that hour. A message just works, and so does the silence after it.
  int got = 0;
  std::vector<std::string> ladder;
  net.on_message = [&](network::end, message) { ++got; };
  net.on_packet = [&](network::end, packet& sent) { return ladder.push_back(describe(sent)), true; };
  const instant start = net.now();
  ASSERT_TRUE(client->send(net.now(), 1, 1, bytes(100)));
  ASSERT_TRUE(net.run([&] { return got == 1; }));
  EXPECT_EQ(net.now() - start, 20ms);
  ASSERT_TRUE(net.run([&, c = client] { return !c->outstanding(); }));
  EXPECT_LE(net.now() - start, 80ms);
  ASSERT_TRUE(net.run([&] { return net.quiet(); }));
  EXPECT_LE(net.now() - start, 1200ms);
  EXPECT_THAT(ladder, testing::ElementsAre("DATA 128", "SACK 28")) << "no heartbeat and nothing else";

  net.sleep(24h * 100);  // more than 2^32 ms
  net.sleep(1ms);
  ASSERT_TRUE(server->send(net.now(), 1, 1, bytes(100)));
  ASSERT_TRUE(net.run([&, s = server] { return !s->outstanding(); }));
  EXPECT_EQ(got, 2);
  EXPECT_EQ(client->status(), state::up);
  EXPECT_THAT(ladder, testing::ElementsAre("DATA 128", "SACK 28", "DATA 128", "SACK 28"));
}

TEST(Stack, repairs_a_loss_after_an_idle_hour_in_its_usual_time) {
  network net(20ms);
  const auto [client, server] = net.join();
  ASSERT_TRUE(net.establish(client, server));
  net.run_for(1h);
  int packets = 0, got = 0;
  net.on_packet = [&](network::end, packet&) { return packets++ != 0; };
  net.on_message = [&](network::end, message) { ++got; };
  const instant start = net.now();
  ASSERT_TRUE(client->send(net.now(), 1, 1, bytes(100)));
  ASSERT_TRUE(net.run([&] { return got == 1; }));
  EXPECT_EQ(packets, 3) << "a lost packet, its repeat, and the SACK";
  EXPECT_GE(net.now() - start, 1000ms);
  EXPECT_LE(net.now() - start, 1100ms);
}

TEST(Stack, has_200_associations_come_and_go) {
  network net(1ms);
  const auto wall = std::chrono::steady_clock::now();
  for (int round = 0; round < 4; ++round) {
    std::vector<std::pair<network::end, network::end>> pairs;
    int got = 0;
    net.on_message = [&](network::end, message) { ++got; };
    // All use the same port: an association's own number tells it apart.
    for (int i = 0; i < 50; ++i) pairs.push_back(net.join(2000));
    for (const auto& [client, server] : pairs) ASSERT_TRUE(net.establish(client, server));
    for (const auto& [client, server] : pairs) {
      ASSERT_TRUE(client->send(net.now(), 1, 1, bytes(100)));
      ASSERT_TRUE(server->send(net.now(), 1, 1, bytes(100)));
    }
    ASSERT_TRUE(net.run([&] { return got == 100; }));
    for (const auto& [client, server] : pairs) {
      net.remove(server);
      net.remove(client);
    }
  }
  net.finish();
  std::cout << "200 pairs: " << std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count()
            << " s wall\n";
}

TEST(Association, tells_its_peer_nothing_when_destroyed) {
  network net;
  const auto [client, server] = net.join();
  ASSERT_TRUE(net.establish(client, server));
  int packets = 0;
  net.on_packet = [&](network::end, packet&) { return ++packets, true; };
  net.remove(client);
  net.run_for(1s);
  EXPECT_EQ(packets, 0);
  EXPECT_EQ(server->status(), state::up);
}

/// The virtual time of a transfer. The wall clock jumps during it, or during its set-up.
duration transfer(duration jump, bool in_set_up) {
  network net(20ms);
  int packets = 0;
  if (in_set_up) {
    net.on_packet = [&, jump](network::end, packet&) {
      if (++packets == 2) wall_clock::jump(jump);  // the INIT-ACK with its dated cookie is under way
      return true;
    };
  }
  const auto [client, server] = net.join();
  EXPECT_TRUE(net.establish(client, server));
  net.on_packet = nullptr;
  const bytes data = pattern(20'000, 4);
  std::uint64_t sent = 0, got = 0;
  bool jumped = in_set_up, intact = true;
  net.on_message = [&](network::end, message m) {
    ++got;
    intact = intact && m.data == data;
  };
  const bool done = net.run([&, c = client] {
    while (sent < 400 && c->send(net.now(), 1, 1, data)) ++sent;
    if (got > 100 && !jumped) {
      jumped = true;
      wall_clock::jump(jump);
    }
    return got == 400;
  });
  EXPECT_TRUE(done && intact && jumped);
  EXPECT_EQ(client->status(), state::up);
  EXPECT_EQ(server->status(), state::up);
  wall_clock::jump(-jump);
  return net.now() - instant{};
}

TEST(Association, does_not_notice_the_wall_clock_being_set) {
  const duration usual = transfer(0s, false);
  for (const duration jump :
       {duration(24h * 3652), duration(-1h), duration(1h), duration(30s), duration(-30s)}) {
    EXPECT_EQ(transfer(jump, false), usual) << jump / 1s;
    EXPECT_LE(transfer(jump, true), usual + 1500ms) << jump / 1s;
  }
}

}  // namespace
}  // namespace gof::sctp::test
