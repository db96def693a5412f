#include "sctp/network.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>

namespace gof::sctp::test {
namespace {

using testing::ElementsAre;

/// Two ends that are up, and a path that loses everything while it is cut.
struct pair_of_ends {
  network net{5ms};
  network::end client, server;
  bool cut = false;
  std::uint64_t got = 0, data_packets = 0;
  bool intact = true;
  const bytes one = pattern(60'000, 3);

  pair_of_ends() {
    std::tie(client, server) = net.join();
    net.on_packet = [this](network::end, packet& p) {
      data_packets += p.has_data;
      return !cut;
    };
    net.on_message = [this](network::end, message m) {
      intact = intact && m.data == one;
      got += m.data.size();
    };
  }
  std::size_t fill() {
    std::size_t sent = 0;
    while (client->send(net.now(), 1, 1, one)) sent += one.size();
    return sent;
  }
  duration run_until(std::uint64_t all) {
    const auto start = net.now();
    EXPECT_TRUE(net.run([&] { return got == all && !client->outstanding(); }));
    return net.now() - start;
  }
};

TEST(Replay, repeats_a_bundle_as_a_whole) {
  pair_of_ends p;
  ASSERT_TRUE(p.net.establish(p.client, p.server));
  std::vector<std::size_t> got;
  p.net.on_message = [&](network::end, message m) { got.push_back(m.data.size()); };
  p.cut = true;
  for (const std::size_t size : {10, 20, 30}) ASSERT_TRUE(p.client->send(p.net.now(), 1, 1, bytes(size)));
  p.net.run_for(100ms);
  ASSERT_TRUE(p.client->send(p.net.now(), 1, 1, bytes(40)));  // waits behind the repeated packet
  p.cut = false;
  p.client->handle_switch({});
  const auto start = p.net.now();
  ASSERT_TRUE(p.net.run([&] { return got.size() == 4; }));
  EXPECT_EQ(p.net.now() - start, 5ms);
  EXPECT_THAT(got, ElementsAre(10, 20, 30, 40));
  EXPECT_TRUE(p.net.run([&] { return !p.client->outstanding(); }));
  EXPECT_EQ(p.client->kept(), 0u);
}

TEST(Replay, brings_what_a_broken_way_lost_within_round_trips) {
  pair_of_ends p;
  ASSERT_TRUE(p.net.establish(p.client, p.server));
  p.cut = true;
  const auto sent = p.fill();
  p.net.run_for(750ms);
  EXPECT_EQ(p.got, 0u);
  EXPECT_GT(p.client->kept(), 0u);
  p.cut = false;
  p.client->handle_switch({});
  const auto took = p.run_until(sent);
  EXPECT_TRUE(p.intact);
  EXPECT_LT(took, 400ms) << "only slow start's round trips: SCTP's own timer did not fire";
  EXPECT_EQ(p.client->kept(), 0u);
}

TEST(Replay, is_what_brings_it) {
  pair_of_ends p;
  ASSERT_TRUE(p.net.establish(p.client, p.server));
  ASSERT_TRUE(p.client->send(p.net.now(), 1, 1, p.one));
  p.run_until(p.one.size());  // usrsctp reads the timeout when it has measured a round trip
  p.got = 0;
  p.cut = true;
  const auto sent = p.fill();
  p.net.run_for(750ms);
  p.cut = false;
  EXPECT_GT(p.run_until(sent), 5s) << "the switch was not reported: SCTP's timer repairs it";
  EXPECT_TRUE(p.intact);
}

TEST(Replay, does_not_wait_for_the_answer_alone_when_only_that_was_lost) {
  pair_of_ends p;
  ASSERT_TRUE(p.net.establish(p.client, p.server));
  bool mute = true;
  p.net.on_packet = [&](network::end from, packet&) { return from == p.client || !mute; };
  ASSERT_TRUE(p.client->send(p.net.now(), 1, 1, p.one));
  p.net.run_for(750ms);
  EXPECT_EQ(p.got, p.one.size());
  EXPECT_TRUE(p.client->outstanding());
  mute = false;
  p.client->handle_switch({});
  EXPECT_LT(p.run_until(p.one.size()), 20ms);
}

TEST(Replay, repeats_nothing_that_is_known_to_have_arrived) {
  pair_of_ends p;
  ASSERT_TRUE(p.net.establish(p.client, p.server));
  const auto sent = p.fill();
  p.run_until(sent);
  const auto before = p.data_packets;
  p.client->handle_switch({});
  p.net.run_for(1s);
  EXPECT_EQ(p.data_packets, before);
}

TEST(Replay, keeps_the_order_of_what_was_polled_and_not_written) {
  pair_of_ends p;
  ASSERT_TRUE(p.net.establish(p.client, p.server));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(p.client->send(p.net.now(), 1, 1, p.one));
  std::vector<std::uint32_t> order;
  const auto poll = [&] {
    auto next = p.client->poll_packet();
    order.push_back(next->last_tsn.value());
    return std::move(*next);
  };
  p.client->handle_written(poll());
  auto unwritten = poll();
  p.client->handle_switch(std::move(unwritten));
  while (auto next = p.client->poll_packet()) order.push_back(next->last_tsn.value());
  const auto first = order.front();
  EXPECT_THAT(order, ElementsAre(first, first + 1, first, first + 1, first + 2));
}

TEST(Replay, opens_again_at_once_what_was_being_opened) {
  for (int lost = 0; lost < 4; ++lost) {
    pair_of_ends p;
    int seen = 0;
    p.net.on_packet = [&](network::end, packet&) { return seen++ != lost; };
    p.net.run_for(100ms);
    p.client->handle_switch({});
    p.server->handle_switch({});
    const auto start = p.net.now();
    ASSERT_TRUE(p.net.establish(p.client, p.server)) << "lost " << lost;
    EXPECT_LE(p.net.now() - start, 30ms) << "lost " << lost;
  }
}

TEST(Replay, holds_no_more_than_64_MiB_in_a_process_and_goes_without_beyond) {
  network net(5ms);
  constexpr std::size_t pairs = 20;  // of 4 MiB each, as much as the other side takes
  std::vector<std::pair<network::end, network::end>> all;
  bool cut = false;
  net.on_packet = [&](network::end, packet&) { return !cut; };
  std::uint64_t sent = 0, got = 0;
  net.on_message = [&](network::end, message m) { got += m.data.size(); };
  const bytes one(largest_message);
  for (std::size_t i = 0; i < pairs; ++i) {
    all.push_back(net.join(static_cast<std::uint16_t>(5000 + i)));
    ASSERT_TRUE(net.establish(all.back().first, all.back().second));
    all.back().first->handle_round_trip(1s);
    all.back().second->handle_round_trip(1s);
  }
  const auto fill = [&] {
    for (const auto& [client, server] : all)
      while (client->send(net.now(), 1, 1, one)) sent += one.size();
  };
  const auto kept = [&] {
    std::size_t sum = 0;
    for (const auto& [client, server] : all) sum += client->kept();
    return sum;
  };
  // Congestion windows grow with what arrives, until a cut catches more than the rings hold.
  for (int round = 0; round < 8; ++round) {
    fill();
    net.run_for(15ms);
  }
  cut = true;
  fill();
  net.run_for(100ms);
  std::cout << (kept() >> 20) << " MiB kept\n";
  EXPECT_GT(kept(), std::size_t{20} << 20);
  EXPECT_LE(kept(), std::size_t{64} << 20);
  cut = false;
  for (const auto& [client, server] : all) client->handle_switch({});
  ASSERT_TRUE(net.run([&] { return got == sent; }, 5min));
  ASSERT_TRUE(net.run([&] { return net.quiet(); }, 5min));
  EXPECT_EQ(kept(), 0u);
}

}  // namespace
}  // namespace gof::sctp::test
