#include "network.hpp"

namespace gof::core {
namespace {

/// A relay between a server and its client, and guests that are linked to the relay and idle.
struct NodeWork : ::testing::Test {
  network net;
  network::host& relay = net.add("relay", true);
  network::host& server = net.add("server", true);
  network::host& client = net.add("client", false);
  stream_id asked{};
  stream_id taken{};
  std::size_t others = 0;

  void SetUp() override {
    server.node->add_bootstrap(net.now(), {{"relay", 1}});
    net.run(2s);
    ASSERT_FALSE(client.node->add_ticket(net.now(), net.ticket(server.node->peer(), relay, 1)));
    net.run(3s);
    asked = client.node->open(net.now(), server.node->peer(), "web");
    net.run(1s);
    for (const auto& e : server.events)
      if (const auto* in = std::get_if<stream_incoming>(&e)) taken = in->stream;
    server.node->accept(net.now(), taken);
    net.run(1s);
  }
  void add_guests(std::size_t count) {
    const auto nobody = net.somebody();
    for (std::size_t i = 0; i < count; ++i) {
      auto& guest = net.add("guest" + std::to_string(others++), false);
      ASSERT_FALSE(guest.node->add_ticket(net.now(), net.ticket(nobody.id(), relay, 2)));
      net.run(100ms);
    }
    net.run(20s);
    std::size_t linked = 0;
    for (const auto& e : relay.events) linked += std::holds_alternative<link_up>(e);
    EXPECT_EQ(linked, others + 2);
  }
  /// Adds clients that have a session with the server through the relay.
  void add_clients(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      auto& other = net.add("client" + std::to_string(others++), false);
      ASSERT_FALSE(other.node->add_ticket(net.now(), net.ticket(server.node->peer(), relay, 3)));
      net.run(100ms);
    }
    net.run(20s);
    std::size_t sessions = 0;
    for (const auto& e : server.events) sessions += std::holds_alternative<session_up>(e);
    EXPECT_EQ(sessions, others + 1);
  }
  /// Opens a stream from each of these clients, and sends a line in it.
  void add_flows(std::size_t first, std::size_t end) {
    for (auto i = first; i < end; ++i) add_flow(net.at("client" + std::to_string(i)));
    EXPECT_GE(relay.node->flows(), 2 * end);
  }
  void add_flow(network::host& from) {
    const auto heard = server.events.size();
    const auto stream = from.node->open(net.now(), server.node->peer(), "web");
    net.settle();
    for (auto i = heard; i < server.events.size(); ++i)
      if (const auto* in = std::get_if<stream_incoming>(&server.events[i]))
        server.node->accept(net.now(), in->stream);
    net.settle();
    EXPECT_EQ(from.node->write(net.now(), stream, as_bytes("a line")), as_bytes("a line").size());
    net.settle();
  }
  /// A host's work for lines from the client to the server. Time stands still, so that nothing else happens.
  std::uint64_t cost_of_lines(network::host& whose) {
    net.settle();
    const auto before = net.cost(whose);
    std::size_t got = 0;
    for (int i = 0; i < 100; ++i) {
      client.node->write(net.now(), asked, as_bytes("a line"));
      net.settle();
      const auto size = server.node->readable(taken).size();
      server.node->consume(net.now(), taken, size);
      net.settle();
      got += size;
    }
    EXPECT_EQ(got, 100 * as_bytes("a line").size());
    return net.cost(whose) - before;
  }
};

TEST_F(NodeWork, of_a_relay_is_the_same_beside_twice_as_many_idle_links) {
  add_guests(30);
  const auto beside_n = cost_of_lines(relay);
  add_guests(30);
  const auto beside_2n = cost_of_lines(relay);
  EXPECT_GT(beside_n, 10'000u);
  EXPECT_LE(beside_2n, beside_n + beside_n / 10) << "a look-up may be one level deeper";
}

TEST_F(NodeWork, of_an_end_is_the_same_beside_twice_as_many_idle_sessions) {
  add_clients(30);
  const auto beside_n = cost_of_lines(server);
  add_clients(30);
  const auto beside_2n = cost_of_lines(server);
  EXPECT_GT(beside_n, 10'000u);
  EXPECT_LE(beside_2n, beside_n + beside_n / 10);
}

TEST_F(NodeWork, of_idle_sessions_does_not_run_the_timers_of_all_associations) {
  add_clients(3);
  net.run(10s);
  const auto before = net.ticks();
  net.run(60s);  // probes go on
  EXPECT_EQ(net.ticks(), before);
}

TEST_F(NodeWork, of_a_relay_is_the_same_beside_twice_as_many_idle_flows) {
  add_clients(60);
  add_flows(0, 30);
  const auto beside_n = cost_of_lines(relay);
  add_flows(30, 60);
  const auto beside_2n = cost_of_lines(relay);
  EXPECT_GT(beside_n, 10'000u);
  EXPECT_LE(beside_2n, beside_n + beside_n / 10);
}

}  // namespace
}  // namespace gof::core
