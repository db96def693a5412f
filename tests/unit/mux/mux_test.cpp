#include "mux_pair.hpp"

#include <random>

namespace gof::core {
namespace {

using wire::reason;

TEST_F(Mux, carries_a_request_and_an_answer_with_half_closes) {
  const auto n = opened();
  client.write(n, as_bytes("question"));
  client.finish(n);
  settle();
  EXPECT_EQ(as_text(read(server, n)), "question");
  EXPECT_TRUE(server.at_end(n));
  server.write(n, as_bytes("answer"));
  server.finish(n);
  settle();
  EXPECT_EQ(as_text(read(client, n)), "answer");
  settle();
  EXPECT_TRUE(next<mux::done>(client).has_value());
  EXPECT_TRUE(next<mux::done>(server).has_value());
  EXPECT_EQ(client.size() + server.size(), 0u);
  EXPECT_EQ(near_budget.granted() + far_budget.granted(), 0u);
}

TEST_F(Mux, sends_data_behind_the_opening_without_waiting) {
  const auto n = client.open(now, "echo", {}, {});
  EXPECT_EQ(client.write(n, as_bytes("early")), 5u);
  carry(client, server);
  EXPECT_EQ(as_text(server.front(n)), "early");
}

TEST_F(Mux, sends_no_more_than_the_first_window_before_the_answer) {
  const auto n = client.open(now, "echo", {}, {});
  const bytes much(100'000, 1);
  client.write(n, much);
  carry(client, server);
  EXPECT_EQ(server.held_bytes(), receiving::first_window);
}

TEST_F(Mux, tells_a_refusal_with_its_words_and_forgets_the_stream) {
  const auto n = client.open(now, "nothing", {}, {});
  client.write(n, as_bytes("early"));
  settle();
  server.refuse(n, reason::unknown_service, "no such service");
  settle();
  const auto refused = next<mux::refused>(client);
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->why, reason::unknown_service);
  EXPECT_EQ(refused->text, "no such service");
  EXPECT_EQ(client.size() + server.size(), 0u);
}

TEST_F(Mux, answers_a_probe_without_a_stream) {
  const auto n = client.probe(now, "echo", {}, {});
  settle();
  const auto asked = next<mux::incoming>(server);
  ASSERT_TRUE(asked && asked->asked.probe);
  server.confirm(n);
  settle();
  EXPECT_TRUE(next<mux::probed>(client).has_value());
  EXPECT_EQ(client.size() + server.size(), 0u);
}

TEST_F(Mux, aborts_at_once_and_drops_what_was_not_sent) {
  const auto n = opened();
  const bytes much(200'000, 1);
  client.write(n, much);
  client.abort(n, reason::reset);
  settle();
  const auto reset = next<mux::reset_by_peer>(server);
  ASSERT_TRUE(reset.has_value());
  EXPECT_EQ(server.held_bytes(), 0u);
  EXPECT_EQ(client.size() + server.size(), 0u);
}

TEST_F(Mux, stops_the_writer_of_a_reader_that_stopped_and_nobody_else) {
  const auto stuck = opened();
  const auto quick = opened();
  const bytes much(1'000'000, 1);
  std::size_t written = 0;
  std::size_t passed = 0;
  for (int turn = 0; turn < 200; ++turn) {
    written += client.write(stuck, much);
    client.write(quick, const_bytes(much).first(10'000));
    settle();
    passed += read(server, quick).size();
  }
  EXPECT_LE(written, receiving::first_window + largest);  // what was sent, and one message that waits
  EXPECT_EQ(passed, 200u * 10'000);
  read(server, stuck);
  settle();
  bool told = false;
  while (auto e = client.poll_event())
    if (const auto* w = std::get_if<mux::writable>(&*e)) told = told || w->stream == stuck;
  for (int turn = 0; turn < 50 && !told; ++turn) {
    read(server, stuck);
    settle();
    while (auto e = client.poll_event())
      if (const auto* w = std::get_if<mux::writable>(&*e)) told = told || w->stream == stuck;
  }
  EXPECT_TRUE(told);
}

TEST_F(Mux, shares_the_way_fairly_between_a_bulk_and_a_small_stream) {
  const auto bulk = opened();
  const auto small = opened();
  // First grows a wide window for the bulk stream.
  const bytes much(sending::buffer_limit, 1);
  for (int turn = 0; turn < 100; ++turn) {
    client.write(bulk, much);
    settle();
    read(server, bulk);
    settle();
  }
  client.write(bulk, much);
  client.write(small, as_bytes("key stroke"));
  carry(client, server, 3);
  EXPECT_EQ(as_text(server.front(small)), "key stroke");
}

TEST_F(Mux, grows_a_window_that_is_used_up_quickly_and_not_beyond_its_bound) {
  const auto n = opened();
  const bytes much(sending::buffer_limit, 1);
  for (int turn = 0; turn < 400; ++turn) {
    client.write(n, much);
    settle();
    read(server, n);
    now += 10us;
    settle();
  }
  EXPECT_EQ(far_budget.granted(), receiving::near_window);
}

/// Bulk queues and probes do not, so each window takes many of the measured round trips.
TEST_F(Mux, grows_a_window_that_runs_dry_however_slow_the_path_is) {
  const auto n = opened();
  const bytes much(sending::buffer_limit, 1);
  for (int turn = 0; turn < 400; ++turn) {
    client.write(n, much);
    settle();
    read(server, n);
    now += 1s;
    settle();
  }
  EXPECT_EQ(far_budget.granted(), receiving::near_window);
}

TEST_F(Mux, does_not_grow_the_window_of_a_writer_that_is_slow_itself) {
  const auto n = opened();
  const bytes little(receiving::first_window / 4 - 1, 1);
  for (int turn = 0; turn < 400; ++turn) {
    client.write(n, little);
    settle();
    read(server, n);
    now += 1s;
    settle();
  }
  EXPECT_EQ(far_budget.granted(), receiving::first_window);
}

struct FarMux : Mux {
  /// What a stream is granted after its first window was read at once, by a reader 100 ms away.
  std::size_t granted_for_a_stream() {
    const auto before = far_budget.granted();
    server.handle_round_trip(100ms);
    const auto n = opened();
    client.write(n, bytes(receiving::first_window, 1));
    settle();
    now += 100ms;
    read(server, n);
    return far_budget.granted() - before;
  }
};

TEST_F(FarMux, gives_a_stream_a_useful_window_at_once) {
  EXPECT_EQ(granted_for_a_stream(), receiving::far_window_at_first);
}

TEST_F(FarMux, only_doubles_windows_once_little_of_the_budget_is_left) {
  credit_share of_others(far_budget, {peer_id(as_bytes("others"))});
  of_others.change(0, credit_budget::limit - 700 * 1024);
  EXPECT_EQ(granted_for_a_stream(), 2 * receiving::first_window);
}

/// Its window is what a new stream can bring before anything is read.
TEST_F(FarMux, begins_with_a_wide_window_while_the_path_is_quick) {
  server.handle_round_trip(100ms);
  const auto first = [&](duration until_read) {
    const auto n = opened();
    for (int i = 0; i < 4; ++i) {
      client.write(n, bytes(sending::buffer_limit, 1));
      settle();
    }
    const auto window = server.held_bytes();
    now += until_read;
    read(server, n);
    server.abort(n, wire::reason::reset);
    settle();
    return window;
  };
  EXPECT_EQ(first(100ms), receiving::first_window) << "nothing is known of the path";
  EXPECT_EQ(first(10s), receiving::far_window_at_first);
  EXPECT_EQ(first(100ms), receiving::first_window) << "the last window was used up slowly";
}

TEST_F(Mux, sends_no_larger_messages_than_the_path_has_room_for) {
  const auto n = opened();
  client.limit_messages(2000);
  client.write(n, bytes(5000, 1));
  EXPECT_EQ(carry(client, server), 3u);
  EXPECT_EQ(read(server, n).size(), 5000u);
}

TEST_F(Mux, holds_a_peer_to_its_credit) {
  const auto n = opened();
  bytes whole = wire::stream_data{n, {}}.encode_head();
  whole.resize(whole.size() + receiving::first_window + 1);
  server.handle_message(now, 1, static_cast<std::uint32_t>(wire::stream_frame::data), buffer(whole));
  EXPECT_TRUE(next<mux::violation>(server).has_value());
}

TEST_F(Mux, refuses_openings_beyond_its_cap_as_busy_without_keeping_them) {
  const auto ask = [this](wire::stream_number n) {
    const auto body = wire::stream_open{n, {}, {}, 0, "echo", true}.encode();
    server.handle_message(now, 1, static_cast<std::uint32_t>(wire::stream_frame::probe), buffer(body));
  };
  for (std::size_t i = 0; i < mux::most_streams + 2; ++i) ask(2 * i + 1);
  EXPECT_EQ(server.size(), mux::most_streams);
  for (int i = 0; i < 2; ++i) {
    const auto m = server.poll_message();
    ASSERT_TRUE(m.has_value());
    EXPECT_EQ(m->kind, wire::stream_frame::refuse);
    server.handle_sent();
  }
  EXPECT_FALSE(server.poll_message().has_value());
}

TEST_F(Mux, takes_an_opening_of_its_own_parity_for_a_violation) {
  const auto body = wire::stream_open{2, {}, {}, 0, "echo", false}.encode();
  server.handle_message(now, 1, static_cast<std::uint32_t>(wire::stream_frame::open), buffer(body));
  EXPECT_TRUE(next<mux::violation>(server).has_value());
}

TEST_F(Mux, survives_random_messages) {
  const auto seed = std::random_device{}();
  RecordProperty("seed", std::to_string(seed));
  SCOPED_TRACE(seed);
  std::mt19937 engine(seed);
  for (int i = 0; i < 20'000; ++i) {
    bytes data(engine() % 40);
    for (auto& b : data) b = static_cast<std::uint8_t>(engine() % 4 == 0 ? engine() : engine() % 3);
    server.handle_message(now, static_cast<std::uint16_t>(engine() % 256),
                          static_cast<std::uint32_t>(engine() % 12), buffer(data));
    while (server.poll_event()) {
    }
    while (server.poll_message()) server.handle_sent();
  }
  EXPECT_LE(server.size(), mux::most_streams);
}

TEST_F(Mux, tells_of_its_host_only_a_peer_that_is_known_to_be_on_it) {
  wire::open_options options;
  options.client = {false, {127, 0, 0, 1}, 40'000};
  options.listeners = {{false, {127, 0, 0, 1}, 5055}};
  client.open(now, "echo", {}, {}, options);
  settle();
  EXPECT_TRUE(next<mux::incoming>(server)->asked.options.empty());
  client.probe(now, "echo", {}, {}, options);
  client.handle_same_host(true);  // while the opening is still queued
  settle();
  EXPECT_EQ(next<mux::incoming>(server)->asked.options, options);
  client.open(now, "echo", {}, {}, options);
  settle();
  EXPECT_EQ(next<mux::incoming>(server)->asked.options, options);
}

}  // namespace
}  // namespace gof::core
