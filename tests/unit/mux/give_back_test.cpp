// What idle streams give back of their windows; both ends agree on it, in whatever order messages arrive.
#include "mux_pair.hpp"

#include <random>

namespace gof::core {
namespace {

using wire::stream_frame;

struct GiveBack : Mux {
  /// Writes all that fits, many times, to a reader that takes it at once.
  void send_fast(mux::number n, int turns) {
    const bytes much(sending::buffer_limit, 1);
    for (int turn = 0; turn < turns; ++turn) {
      client.write(n, much);
      settle();
      read(server, n);
      now += 10us;
      settle();
    }
    while (server.front(n).size() > 0 || carry(client, server) > 0) {
      read(server, n);
      settle();
    }
  }
  mux::number grown() {
    const auto n = opened();
    send_fast(n, 200);
    EXPECT_EQ(far_budget.granted(), receiving::near_window * (++grown_));
    return n;
  }
  void pass(duration time) {
    now += time;
    client.handle_timeout(now);
    server.handle_timeout(now);
    settle();
  }
  /// Lets time pass until no stream has credit to give back.
  void rest() {
    for (auto due = client.poll_timeout(); due; due = client.poll_timeout()) {
      now = std::max(now, *due);
      client.handle_timeout(now);
      settle();
    }
  }
  bool violated() {
    return next<mux::violation>(client).has_value() || next<mux::violation>(server).has_value();
  }
  void give(mux& to, stream_frame kind, const bytes& body) {
    to.handle_message(now, 1, static_cast<std::uint32_t>(kind), buffer(body));
  }
  void give_return(mux::number n, std::uint64_t seen, std::uint64_t keeps) {
    give(server, stream_frame::returned, wire::stream_return{n, seen, keeps}.encode());
  }

  std::size_t grown_ = 0;
};

TEST_F(GiveBack, a_stream_that_never_grew_has_nothing_to_give_and_no_timer) {
  const auto n = opened();
  client.write(n, as_bytes("a line"));
  settle();
  read(server, n);
  settle();
  EXPECT_FALSE(client.poll_timeout().has_value());
  EXPECT_FALSE(server.poll_timeout().has_value());
}

TEST_F(GiveBack, a_window_shrinks_to_the_first_once_its_sender_stood_idle) {
  grown();
  ASSERT_TRUE(client.poll_timeout().has_value());
  rest();
  EXPECT_EQ(far_budget.granted(), receiving::first_window);
  EXPECT_FALSE(violated());
}

TEST_F(GiveBack, is_said_once_and_then_all_is_silent) {
  grown();
  now = *client.poll_timeout();
  client.handle_timeout(now);
  EXPECT_EQ(carry(client, server), 1u);
  EXPECT_EQ(carry(server, client), 0u);
  for (int i = 0; i < 100; ++i) {
    now += 10s;
    client.handle_timeout(now);
    server.handle_timeout(now);
    EXPECT_EQ(carry(client, server) + carry(server, client), 0u);
    EXPECT_FALSE(client.poll_timeout() || server.poll_timeout());
  }
}

TEST_F(GiveBack, a_short_pause_costs_nothing) {
  const auto n = grown();
  for (int i = 0; i < 20; ++i) {
    pass(mux::shortest_idle - 1ms);
    client.write(n, as_bytes("still there"));
    settle();
    read(server, n);
  }
  EXPECT_EQ(far_budget.granted(), receiving::near_window);
}

TEST_F(GiveBack, a_pause_is_short_or_long_by_the_round_trip) {
  client.handle_round_trip(400ms);
  grown();
  pass(mux::idle_round_trips * 400ms - 1ms);
  EXPECT_EQ(far_budget.granted(), receiving::near_window);
  rest();
  EXPECT_EQ(far_budget.granted(), receiving::first_window);
}

TEST_F(GiveBack, data_on_a_slow_path_are_no_idleness) {
  const auto n = grown();
  client.write(n, bytes(60'000, 1));
  const auto sent = client.poll_message()->whole().size();
  client.handle_sent();
  const auto other = client.open(now, "echo", {}, {});
  ASSERT_TRUE(client.poll_message().has_value());
  client.handle_sent();
  for (int i = 0; i < 20; ++i) {  // all of it is still under way
    now += 10s;
    client.handle_arrived(now, sent);
    client.handle_timeout(now);
    EXPECT_FALSE(client.poll_timeout().has_value());
    EXPECT_FALSE(client.poll_message().has_value());
  }
  client.handle_arrived(now, 10);  // only the other stream's bytes are
  EXPECT_EQ(client.poll_timeout(), now + mux::shortest_idle * 5 / 4);
  client.handle_timeout(now + mux::shortest_idle - 1ms);
  EXPECT_FALSE(client.poll_message().has_value());
  client.handle_timeout(now + mux::shortest_idle);
  const auto m = client.poll_message();
  ASSERT_TRUE(m.has_value());
  EXPECT_EQ(m->kind, stream_frame::returned);
  client.reset(other, wire::reason::reset);
}

TEST_F(GiveBack, data_that_waits_for_credit_are_no_idleness) {
  const auto n = grown();
  const bytes much(sending::buffer_limit, 1);
  while (client.write(n, much) > 0) settle();  // and nothing is read
  pass(10s);
  EXPECT_EQ(far_budget.granted(), receiving::near_window);
  EXPECT_FALSE(client.poll_timeout().has_value());
}

TEST_F(GiveBack, its_sender_keeps_to_the_first_window_until_the_next_credit) {
  const auto n = grown();
  rest();
  const bytes much(sending::buffer_limit, 1);
  client.write(n, much);
  carry(client, server);
  EXPECT_EQ(server.held_bytes(), receiving::first_window);
  EXPECT_EQ(read(server, n).size(), receiving::first_window);
  settle();
  EXPECT_GT(server.held_bytes(), 0u);
  EXPECT_FALSE(violated());
}

TEST_F(GiveBack, the_window_grows_again_as_that_of_a_new_stream) {
  const auto n = grown();
  rest();
  send_fast(n, 200);
  EXPECT_EQ(far_budget.granted(), receiving::near_window);
}

TEST_F(GiveBack, far_away_the_window_has_a_useful_size_again_after_one_round_trip) {
  const auto n = grown();
  rest();
  server.handle_round_trip(100ms);
  now += 1h;
  client.write(n, bytes(receiving::first_window, 1));
  settle();
  now += 100ms;
  read(server, n);
  EXPECT_EQ(far_budget.granted(), receiving::far_window_at_first);
}

TEST_F(GiveBack, works_for_the_side_that_accepted_as_well) {
  const auto n = opened();
  const bytes much(sending::buffer_limit, 1);
  for (int turn = 0; turn < 200; ++turn) {
    server.write(n, much);
    settle();
    read(client, n);
    settle();
  }
  while (read(client, n).size() + carry(server, client) + carry(client, server) > 0) {
  }
  EXPECT_EQ(near_budget.granted(), receiving::near_window);
  now = *server.poll_timeout();
  server.handle_timeout(now);
  settle();
  EXPECT_EQ(near_budget.granted(), receiving::first_window);
}

TEST_F(GiveBack, an_end_gives_back_what_nobody_will_use) {
  const auto n = grown();
  client.finish(n);
  settle();
  EXPECT_EQ(far_budget.granted(), 0u);
  EXPECT_FALSE(violated());
}

TEST_F(GiveBack, a_reader_that_lags_holds_what_came_and_no_more) {
  const auto n = grown();
  client.write(n, bytes(200'000, 1));
  carry(client, server);
  rest();
  EXPECT_EQ(far_budget.granted(), 200'000u + receiving::first_window);
  std::size_t left = 200'000;
  while (left > 0) {
    const auto part = std::min<std::size_t>(left, 1000);
    server.consume(now, n, part);
    left -= part;
    EXPECT_EQ(carry(server, client), 0u);  // no more credit than a new stream has
  }
  EXPECT_EQ(far_budget.granted(), receiving::first_window);
}

// ---- messages that cross

TEST_F(GiveBack, a_credit_on_its_way_counts_at_both_ends) {
  const auto n = grown();
  for (int i = 0; i < 9; ++i) {
    client.write(n, bytes(60'000, 1));
    carry(client, server);
  }
  read(server, n);  // a CREDIT is due
  const auto credit = server.poll_message();
  ASSERT_TRUE(credit && credit->kind == stream_frame::credit);
  bytes late(credit->whole().begin(), credit->whole().end());
  server.handle_sent();
  now = *client.poll_timeout();
  client.handle_timeout(now);
  carry(client, server);  // a RETURN sent before CREDIT arrived
  EXPECT_EQ(far_budget.granted(), receiving::near_window);
  client.write(n, bytes(60'000, 1));
  carry(client, server);
  EXPECT_EQ(server.held_bytes(), receiving::first_window);  // until CREDIT arrives
  give(client, stream_frame::credit, std::move(late));
  settle();
  EXPECT_EQ(server.held_bytes(), 60'000u);
  EXPECT_FALSE(violated());
  read(server, n);
  settle();
  rest();
  EXPECT_EQ(far_budget.granted(), receiving::first_window);
}

TEST_F(GiveBack, data_written_before_it_goes_stop_it) {
  const auto n = grown();
  now = *client.poll_timeout();
  client.handle_timeout(now);
  client.write(n, as_bytes("after all"));
  const auto m = client.poll_message();
  ASSERT_TRUE(m.has_value());
  EXPECT_EQ(m->kind, stream_frame::data);
  settle();
  EXPECT_EQ(far_budget.granted(), receiving::near_window);
}

/// CREDIT travels on another SCTP stream than all else: order holds within a stream, not between streams. In
/// any order no byte is lost or beyond the credit, and at the end all credit is given back.
struct Crossing : GiveBack {
  struct channel {
    std::deque<std::pair<std::uint32_t, bytes>> credit;
    std::deque<std::pair<std::uint32_t, bytes>> rest;
  };
  channel up;
  channel down;
  std::size_t returns = 0;

  void take(mux& from, channel& to) {
    while (auto m = from.poll_message()) {
      returns += m->kind == stream_frame::returned;
      bytes whole(m->whole().begin(), m->whole().end());
      auto& line = m->sctp_stream == 0 ? to.credit : to.rest;
      line.emplace_back(static_cast<std::uint32_t>(m->kind), std::move(whole));
      from.handle_sent();
    }
  }
  void arrive(std::deque<std::pair<std::uint32_t, bytes>>& line, mux& to, std::uint16_t stream,
              std::size_t count) const {
    for (; count > 0 && !line.empty(); --count) {
      to.handle_message(now, stream, line.front().first, buffer(line.front().second));
      line.pop_front();
    }
  }
};

TEST_F(Crossing, in_any_order_loses_nothing_and_gives_all_back) {
  std::size_t all_returns = 0;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 draw(seed);
    const auto n = opened();
    std::uint64_t written = 0;
    std::uint64_t read_so_far = 0;
    const auto check_read = [&](std::size_t most) {
      while (most > 0 && !server.front(n).empty()) {
        const auto front = server.front(n);
        const auto part = std::min(front.size(), most);
        for (std::size_t i = 0; i < part; i += 509)
          ASSERT_EQ(front[i], static_cast<std::uint8_t>((read_so_far + i) * 31 >> 3));
        server.consume(now, n, part);
        read_so_far += part;
        most -= part;
      }
    };
    const auto step = [&](bool draining) {
      const auto part = draw() % 4;
      take(client, up);
      take(server, down);
      if (draw() % 2) arrive(up.rest, server, 1, part);
      if (draw() % 2) arrive(down.rest, client, 1, part);
      if (draining || draw() % 3 == 0) arrive(down.credit, client, 0, part);
      if (draining || draw() % 2) check_read(draw() % 200'000);
      now += std::chrono::microseconds(draw() % 1000);
      for (auto* one : {&client, &server}) {
        one->handle_arrived(now, draw() % 2 ? 0 : 100'000);
        one->handle_timeout(now);
      }
    };
    for (int i = 0; i < 1500; ++i) {
      if (draw() % 400 == 0) {  // a pause in which some messages arrive
        for (int k = 0; k < 8; ++k) {
          now += 60ms;
          step(false);
        }
      }
      if (draw() % 3 == 0) {
        bytes block(draw() % 150'000);
        for (std::size_t b = 0; b < block.size(); ++b)
          block[b] = static_cast<std::uint8_t>((written + b) * 31 >> 3);
        written += client.write(n, block);
      }
      step(false);
    }
    for (int i = 0; i < 4000 && read_so_far < written; ++i) step(true);
    EXPECT_EQ(read_so_far, written);
    for (int i = 0; i < 100; ++i) {
      now += 100ms;
      for (int k = 0; k < 8; ++k) step(true);
    }
    EXPECT_FALSE(violated());
    EXPECT_EQ(far_budget.granted(), receiving::first_window);
    client.reset(n, wire::reason::reset);
    settle();
    all_returns += std::exchange(returns, 0);
  }
  EXPECT_GT(all_returns, 60u * 3);
}

// ---- many streams

TEST_F(GiveBack, streams_that_wake_all_at_once_stay_within_the_budget) {
  server.handle_round_trip(50ms);
  client.handle_round_trip(50ms);
  std::vector<mux::number> all;
  const bytes much(sending::buffer_limit, 1);
  const auto fast = [&](const std::vector<mux::number>& these, int turns) {
    for (int turn = 0; turn < turns; ++turn) {
      for (const auto n : these) client.write(n, much);
      settle();
      for (const auto n : these) read(server, n);
      now += 20ms;
      settle();
      EXPECT_LE(far_budget.granted(), credit_budget::limit);
      EXPECT_LE(server.held_bytes(), far_budget.granted());
    }
    while (carry(client, server) + carry(server, client) > 0)
      for (const auto n : these) read(server, n);
  };
  for (int i = 0; i < 32; ++i) {
    all.push_back(opened());
    fast({all.back()}, 150);
    EXPECT_GE(far_budget.granted(), receiving::dry_window);
    rest();
    EXPECT_EQ(far_budget.granted(), all.size() * receiving::first_window);
  }
  // All at once, and at first nothing is read.
  for (const auto n : all)
    while (client.write(n, much) > 0) carry(client, server);
  EXPECT_EQ(server.held_bytes(), all.size() * receiving::first_window);
  fast(all, 150);
  EXPECT_FALSE(violated());
}

TEST_F(GiveBack, a_thousand_that_fall_idle_one_after_another_share_their_timers) {
  std::vector<mux::number> all;
  for (int i = 0; i < 1000; ++i) {
    all.push_back(opened());
    client.write(all.back(), bytes(receiving::first_window, 1));
    settle();
    read(server, all.back());
    settle();
    now += 1ms;
  }
  EXPECT_EQ(far_budget.granted(), 1000 * 2 * receiving::first_window);
  int timers = 0;
  for (auto due = client.poll_timeout(); due; due = client.poll_timeout()) {
    now = std::max(now, *due);
    client.handle_timeout(now);
    settle();
    ++timers;
  }
  EXPECT_EQ(far_budget.granted(), 1000 * receiving::first_window);
  EXPECT_LE(timers, 1 + 1000 / 50 + 1);
}

// ---- messages that no honest peer sends

TEST_F(GiveBack, of_credit_that_was_never_told_is_a_violation) {
  const auto n = opened();
  give_return(n, receiving::first_window + 1, 10);
  EXPECT_TRUE(next<mux::violation>(server).has_value());
}

TEST_F(GiveBack, of_less_than_what_came_already_is_a_violation) {
  const auto n = opened();
  client.write(n, bytes(1000, 1));
  settle();
  give_return(n, receiving::first_window, 999);
  EXPECT_TRUE(next<mux::violation>(server).has_value());
}

TEST_F(GiveBack, of_a_negative_amount_is_a_violation) {
  const auto n = opened();
  give_return(n, 1000, 1001);
  EXPECT_TRUE(next<mux::violation>(server).has_value());
}

TEST_F(GiveBack, behind_the_end_is_a_violation) {
  const auto n = opened();
  client.finish(n);
  settle();
  give_return(n, receiving::first_window, 0);
  EXPECT_TRUE(next<mux::violation>(server).has_value());
}

TEST_F(GiveBack, before_the_answer_is_a_violation) {
  const auto n = client.open(now, "echo", {}, {});
  settle();
  give_return(n, receiving::first_window, 0);
  EXPECT_TRUE(next<mux::violation>(server).has_value());
}

/// ACCEPT travels on another SCTP stream than CREDIT, and grants credit as well.
TEST_F(GiveBack, waits_for_the_answer) {
  const auto n = client.open(now, "echo", {}, {});
  client.write(n, bytes(receiving::first_window, 1));
  settle();
  read(server, n);
  settle();  // CREDIT arrives, and no ACCEPT yet
  EXPECT_FALSE(client.poll_timeout().has_value());
  server.accept(n);
  settle();
  EXPECT_TRUE(client.poll_timeout().has_value());
  rest();
  EXPECT_EQ(far_budget.granted(), receiving::first_window);
  EXPECT_FALSE(violated());
}

TEST_F(GiveBack, of_a_probe_is_a_violation) {
  const auto n = client.probe(now, "echo", {}, {});
  settle();
  give_return(n, 0, 0);
  EXPECT_TRUE(next<mux::violation>(server).has_value());
}

TEST_F(GiveBack, of_a_stream_that_is_gone_is_ignored) {
  give_return(77, receiving::first_window, 0);
  EXPECT_FALSE(violated());
}

TEST_F(GiveBack, of_all_credit_is_taken_and_data_then_end_the_session) {
  const auto n = opened();
  give_return(n, receiving::first_window, 0);
  EXPECT_FALSE(violated());
  client.write(n, as_bytes("x"));
  settle();
  EXPECT_TRUE(next<mux::violation>(server).has_value());
}

// ---- no room in the budget

TEST_F(GiveBack, openings_beyond_the_budget_are_refused_busy_at_either_end) {
  credit_share others(far_budget, {peer_id(as_bytes("others"))});
  others.change(0, credit_budget::limit - receiving::first_window / 2);
  const auto n = client.open(now, "echo", {}, {});
  settle();
  const auto refused = next<mux::refused>(client);
  ASSERT_TRUE(refused && refused->stream == n);
  EXPECT_EQ(refused->why, wire::reason::busy);
  EXPECT_FALSE(next<mux::incoming>(server).has_value());
  EXPECT_GT(client.probe(now, "echo", {}, {}), n);  // a probe carries no data
  settle();
  EXPECT_TRUE(next<mux::incoming>(server).has_value());
  const auto own = server.open(now, "echo", {}, {});
  const auto at_once = next<mux::refused>(server);
  ASSERT_TRUE(at_once && at_once->stream == own);
  EXPECT_EQ(at_once->why, wire::reason::busy);
  others.change(credit_budget::limit - receiving::first_window / 2, 0);
}

}  // namespace
}  // namespace gof::core
