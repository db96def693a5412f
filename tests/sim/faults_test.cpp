#include "scenario.hpp"

namespace gof::test {
namespace {

constexpr std::uint64_t mebibyte = 1024 * 1024;

struct Faults : scenario {
  explicit Faults(std::uint64_t seed = 1) : scenario(seed) {}

  std::size_t links(host& h) { return h.node().links().size(); }
  std::size_t sessions(host& h) { return h.node().sessions().size(); }

  /// A transfer of 8 MiB in each direction that takes about 4 s, returned 1 s after its start.
  conversation& begin_transfer(duration survive) {
    start_at(10ms, 20e6, survive);
    bring_up();
    auto& c = converse({8 * mebibyte, 8 * mebibyte});
    w.run(1s);
    EXPECT_GT(c.asker.received, 0u);
    EXPECT_GT(c.answerer.received, 0u);
    EXPECT_FALSE(c.over());
    return c;
  }
  void expect_reset_both_ends(const conversation& c, instant from, instant to) {
    for (const auto* h : {&c.asker, &c.answerer}) {
      EXPECT_EQ(h->how, half::fate::reset);
      EXPECT_EQ(h->why, wire::reason::survived_out);
      EXPECT_FALSE(h->saw_end);
      EXPECT_GE(h->over_at, from);
      EXPECT_LE(h->over_at, to);
    }
  }
};

// ---- broken links

TEST_F(Faults, reset_link_is_dialled_again_after_1_s_and_nothing_is_lost) {
  auto& c = begin_transfer(60s);
  const auto at = w.since_start();
  w.reset_connections(*server, *client);
  ASSERT_TRUE(w.run(5s, [&] { return client->count<core::path_resumed>() == 1; }));
  EXPECT_EQ(client->count<core::path_lost>(), 1u);
  const auto stall = w.since_start() - at;
  const auto wait = client->times<core::dial_wanted>().back() - at;
  std::cout << "stall " << std::chrono::duration<double>(stall).count() << " s\n";
  EXPECT_GE(wait, 900ms);
  EXPECT_LE(wait, 1000ms);
  // Four round trips for a link, one for a probe; the links' first 128 KiB precede the probe and its answer.
  EXPECT_GE(stall - wait, 100ms);
  EXPECT_LE(stall - wait, 100ms + 60ms);
  ASSERT_TRUE(w.run(30s, [&] { return said.all_over(); }));
  expect_intact(c);
  EXPECT_EQ(server->count<core::path_lost>(), 1u);
  EXPECT_EQ(server->count<core::path_resumed>(), 1u);
  w.run(1s);
  expect_freed();
}

TEST_F(Faults, dialler_waits_1_2_and_5_s_less_a_tenth_at_most) {
  start();
  kill(*server);
  w.run(30s);
  const auto dials = client->times<core::dial_wanted>();
  ASSERT_GE(dials.size(), 5u);
  const std::vector<duration> waits{1s, 2s, 5s, 5s};
  for (std::size_t i = 0; i < waits.size(); ++i) {
    EXPECT_GE(dials[i + 1] - dials[i], waits[i] * 9 / 10);
    EXPECT_LE(dials[i + 1] - dials[i], waits[i]);
  }
  EXPECT_EQ(client->count<core::unreachable>(), dials.size());
}

TEST_F(Faults, every_link_reset_once_a_second_still_carries_everything) {
  auto& c = begin_transfer(60s);
  for (int i = 0; i < 30 && !c.over(); ++i) {
    w.run(2s);
    w.reset_connections(*server, *client);
  }
  ASSERT_TRUE(w.run(60s, [&] { return said.all_over(); }));
  expect_intact(c);
  EXPECT_EQ(client->count<core::session_up>(), 1u);
}

// ---- silence

struct Silence : Faults, ::testing::WithParamInterface<int> {};

TEST_P(Silence, shorter_than_survive_loses_nothing) {
  auto& c = begin_transfer(30s);
  w.cut(*server, *client);
  w.run(GetParam() * 100ms);
  w.heal(*server, *client);
  ASSERT_TRUE(w.run(60s, [&] { return said.all_over(); }));
  expect_intact(c);
  std::cout << "cut for " << GetParam() * 0.1 << " s, over at " << seconds() << " s\n";
  EXPECT_EQ(client->count<core::session_up>(), 1u);
  EXPECT_EQ(client->count<core::session_over>(), 0u);
  w.run(1s);
  expect_freed();
  EXPECT_EQ(links(*client), 1u);
  EXPECT_EQ(links(*server), 1u);
}

INSTANTIATE_TEST_SUITE_P(TenthsOfASecond, Silence, ::testing::Values(1, 5, 10, 20, 30, 35, 40, 60, 100, 200));

TEST_F(Faults, silence_longer_than_survive_resets_both_ends_and_frees_everything) {
  auto& c = begin_transfer(10s);
  const auto at = w.now();
  w.cut(*server, *client);
  ASSERT_TRUE(w.run(5s, [&] { return client->count<core::path_lost>() > 0; }));  // reported within 5 s
  ASSERT_TRUE(w.run(20s, [&] { return said.all_over(); }));
  std::cout << "reset " << std::chrono::duration<double>(c.asker.over_at - at).count() << " and "
            << std::chrono::duration<double>(c.answerer.over_at - at).count() << " s after the cut\n";
  expect_reset_both_ends(c, at + 9s, at + 10s);
  expect_freed();
  w.run(10s);
  for (auto* h : {server, client}) {
    EXPECT_EQ(links(*h), 0u) << h->name();
    EXPECT_EQ(sessions(*h), 0u) << h->name();
  }
  w.heal(*server, *client);
  w.run(30s);
  for (auto* h : {server, client}) {
    EXPECT_EQ(links(*h), 1u) << h->name();
    EXPECT_EQ(sessions(*h), 1u) << h->name();
  }
  EXPECT_EQ(w.connections(), 1u);
  auto& again = converse({1000, 1000});
  ASSERT_TRUE(w.run(5s, [&] { return again.over(); }));
  expect_intact(again);
}

TEST_F(Faults, quiet_streams_too_are_reset_at_both_ends_when_silence_outlasts_survive) {
  start(10s);
  bring_up();
  auto& c = converse({0, 0, false, true});
  w.run(10s);
  const auto at = w.now();
  w.cut(*server, *client);
  ASSERT_TRUE(w.run(30s, [&] { return said.all_over(); }));
  expect_reset_both_ends(c, at + 8s,
                         at + 15s);  // from the last answer; quiet streams are probed every 2 s
  expect_freed();
}

TEST_F(Faults, the_shorter_survive_counts_for_both) {
  server = &w.add_member("server", 60s);
  client = &w.add_guest("client", 5s);
  grant = w.ticket(*server, {"web"});
  said.serve(*server);
  said.serve(*client);
  said.allow(*server, grant);
  ASSERT_FALSE(client->node().add_ticket(w.now(), grant));
  bring_up();
  auto& c = converse({0, 0, false, true});
  w.run(2s);
  const auto at = w.now();
  w.cut(*server, *client);
  ASSERT_TRUE(w.run(30s, [&] { return said.all_over(); }));
  expect_reset_both_ends(c, at + 3s, at + 10s);
}

// ---- loss

struct Loss : Faults, ::testing::WithParamInterface<int> {
  Loss() : Faults(static_cast<std::uint64_t>(GetParam())) {}
};

TEST_P(Loss, of_30_percent_for_20_s_is_over_5_s_after_it_at_most) {
  start_at(20ms, 200e6);
  bring_up();
  auto& c = converse({32 * mebibyte, 32 * mebibyte});
  w.run(1s);
  w.lose(*server, *client, 0.3);
  w.run(20s);
  ASSERT_FALSE(c.over());
  w.lose(*server, *client, 0);
  const auto at = w.now();
  const auto up = c.answerer.received + mebibyte, down = c.asker.received + mebibyte;
  auto& fresh = converse({1000, 1000});
  ASSERT_TRUE(
      w.run(5s, [&] { return c.answerer.received >= up && c.asker.received >= down && fresh.over(); }));
  std::cout << "over after " << std::chrono::duration<double>(w.now() - at).count() << " s; "
            << client->count<core::link_down>() << " links lost, " << up / mebibyte << " and "
            << down / mebibyte << " MiB by then\n";
  expect_intact(fresh);
  ASSERT_TRUE(w.run(120s, [&] { return said.all_over(); }));
  expect_intact(c);
  EXPECT_EQ(client->count<core::session_up>(), 1u);
  EXPECT_EQ(client->count<core::session_over>(), 0u);
  w.run(1s);
  expect_freed();
}

TEST_P(Loss, of_5_percent_leaves_a_tenth_of_the_line_at_least) {
  start_at(20ms, 200e6);
  bring_up();
  w.lose(*server, *client, 0.05);
  auto& c = converse({64 * mebibyte, 64 * mebibyte});
  const auto at = w.now();
  ASSERT_TRUE(w.run(64 * mebibyte * 8 / 20 * 1us, [&] { return said.all_over(); }));  // 20 of 200 Mbit/s
  std::cout << "over after " << std::chrono::duration<double>(w.now() - at).count() << " s\n";
  expect_intact(c);
  EXPECT_EQ(client->count<core::session_up>(), 1u);
  w.run(1s);
  expect_freed();
}

INSTANTIATE_TEST_SUITE_P(Seeds, Loss, ::testing::Range(1, 11));

// ---- killed processes

TEST_F(Faults, killed_peer_resets_the_streams_after_survive_and_frees_everything) {
  auto& c = begin_transfer(10s);
  const auto at = w.now();
  kill(*server);
  ASSERT_TRUE(w.run(30s, [&] { return said.all_over(); }));
  EXPECT_EQ(c.asker.how, half::fate::reset);
  EXPECT_GE(c.asker.over_at - at, 9s);
  EXPECT_LE(c.asker.over_at - at, 10s + 100ms);  // its last packets were still under way
  expect_freed();
  w.run(5s);
  EXPECT_EQ(links(*client), 0u);
  EXPECT_EQ(sessions(*client), 0u);
}

TEST_F(Faults, restarted_server_is_back_in_3_s_and_its_old_node_gone_at_once) {
  auto& c = begin_transfer(60s);
  const auto at = w.now();
  kill(*server);
  w.restart(*server);
  said.serve(*server);
  ASSERT_TRUE(w.run(10s, [&] { return client->count<core::session_up>() == 2; }));
  EXPECT_LE(w.now() - at, 3s);
  EXPECT_TRUE(c.over());
  EXPECT_EQ(c.asker.how, half::fate::reset);
  EXPECT_LE(c.asker.over_at - at, 3s);
  EXPECT_EQ(sessions(*client), 1u);
  auto& again = converse({mebibyte, mebibyte});
  ASSERT_TRUE(w.run(10s, [&] { return again.over(); }));
  expect_intact(again);
  w.run(1s);
  expect_freed();
}

TEST_F(Faults, restarted_client_works_at_once_and_its_old_session_is_freed_after_survive) {
  begin_transfer(10s);
  kill(*client);
  w.restart(*client);
  ASSERT_FALSE(client->node().add_ticket(w.now(), grant));
  const auto at = w.now();
  auto& again = converse({1000, 1000});
  ASSERT_TRUE(w.run(5s, [&] { return again.over(); }));
  EXPECT_LE(w.now() - at, 1s);
  expect_intact(again);
  EXPECT_EQ(sessions(*server), 2u);
  ASSERT_TRUE(w.run(11s, [&] { return said.all_over(); }));
  w.run(1s);
  EXPECT_EQ(sessions(*server), 1u);
  expect_freed();
}

TEST_F(Faults, shutdown_resets_streams_and_closes_the_link_at_once) {
  auto& c = begin_transfer(60s);
  const auto at = w.now();
  server->node().shutdown(w.now());
  w.kick(*server);
  ASSERT_TRUE(w.run(5s, [&] { return said.all_over(); }));
  EXPECT_EQ(c.asker.why, wire::reason::shutdown);
  std::cout << "shutdown heard after " << std::chrono::duration<double>(w.now() - at).count() << " s\n";
  EXPECT_EQ(server->node().streams(), 0u);
  EXPECT_EQ(links(*server), 0u);
  w.run(1s);
  ASSERT_NE(client->last<core::link_down>(), nullptr);
  EXPECT_EQ(client->last<core::link_down>()->why, wire::reason::shutdown);
  EXPECT_TRUE(client->last<core::link_down>()->told);
  expect_freed();
}

// ---- clocks

struct WallClock : Faults, ::testing::WithParamInterface<int> {};  // hours

TEST_P(WallClock, jumps_in_mid_transfer_and_nobody_notices) {
  auto& c = begin_transfer(60s);
  w.jump_wall_clock(std::chrono::hours(GetParam()));
  ASSERT_TRUE(w.run(20s, [&] { return said.all_over(); }));
  expect_intact(c);
  w.jump_wall_clock(-std::chrono::hours(GetParam()));
  EXPECT_EQ(client->count<core::path_lost>(), 0u);
  EXPECT_EQ(client->count<core::session_over>(), 0u);
  EXPECT_EQ(server->count<core::session_over>(), 0u);
  std::cout << "over at " << seconds() << " s\n";
  EXPECT_LT(seconds(), 10);
}

TEST_P(WallClock, jumps_at_any_moment_of_the_set_up_and_it_comes_up) {
  start_at(10ms, 0);
  for (int moment = 0; moment <= 20; ++moment) {
    w.run(moment * 10ms + 1ms);
    w.jump_wall_clock(std::chrono::hours(GetParam()));
    ASSERT_TRUE(w.run(
        3s, [&] { return client->count<core::session_up>() > 0 && server->count<core::session_up>() > 0; }))
        << "jump " << moment * 10 << " ms after the start";
    w.jump_wall_clock(-std::chrono::hours(GetParam()));
    kill(*client);
    kill(*server);
    w.run(1s);
    w.restart(*server);
    w.restart(*client);
    ASSERT_FALSE(client->node().add_ticket(w.now(), grant));
    client->forget_events();
    server->forget_events();
  }
}

TEST_P(WallClock, jumps_while_the_last_packet_of_the_set_up_is_lost_and_it_comes_up) {
  start_at(10ms, 0);
  ASSERT_TRUE(w.run(3s, [&] { return server->count<core::session_up>() == 1; }));
  w.reset_connections(*server, *client);  // SCTP's fourth packet was under way
  w.jump_wall_clock(std::chrono::hours(GetParam()));
  EXPECT_EQ(client->count<core::session_up>(), 0u);
  ASSERT_TRUE(w.run(10s, [&] { return client->count<core::session_up>() == 1; }));
  auto& c = converse({1000, 1000});
  ASSERT_TRUE(w.run(5s, [&] { return c.over(); }));
  expect_intact(c);
  w.jump_wall_clock(-std::chrono::hours(GetParam()));
}

TEST_F(Faults, set_up_that_a_long_silence_tore_in_its_last_packet_is_finished_after_it) {
  start_at(10ms, 0, 300s);
  ASSERT_TRUE(w.run(3s, [&] { return server->count<core::session_up>() == 1; }));
  w.cut(*server, *client);
  w.run(70s);  // longer than the lifetime of SCTP's cookie
  w.heal(*server, *client);
  ASSERT_TRUE(w.run(20s, [&] { return client->count<core::session_up>() == 1; }));
  auto& c = converse({1000, 1000});
  ASSERT_TRUE(w.run(5s, [&] { return c.over(); }));
  expect_intact(c);
}

TEST_P(WallClock, jumps_while_packets_are_lost_and_they_are_sent_again) {
  auto& c = begin_transfer(60s);
  w.reset_connections(*server, *client);
  w.jump_wall_clock(std::chrono::hours(GetParam()));
  ASSERT_TRUE(w.run(20s, [&] { return said.all_over(); }));
  expect_intact(c);
  w.jump_wall_clock(-std::chrono::hours(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Hours, WallClock, ::testing::Values(1, -1, 10 * 365 * 24));

}  // namespace
}  // namespace gof::test
