#include "mux_pair.hpp"
#include "wire/stream.hpp"

namespace gof::core {
namespace {

using wire::reason;
using wire::stream_frame;

/// How a stream ends: resets at an offset, and what each side's local end has taken.
struct MuxEnding : Mux {
  template <class Message>
  void send(mux& to, stream_frame kind, const Message& m) {
    to.handle_message(now, 1, static_cast<std::uint32_t>(kind), buffer(m.encode()));
  }

  /// The kinds of all messages that `from` has to send; they are passed to `to`.
  std::vector<stream_frame> said(mux& from, mux& to) {
    std::vector<stream_frame> kinds;
    while (auto m = from.poll_message()) {
      kinds.push_back(m->kind);
      buffer whole(m->whole());
      const auto stream = m->sctp_stream;
      from.handle_sent();
      to.handle_message(now, stream, static_cast<std::uint32_t>(kinds.back()), std::move(whole));
    }
    return kinds;
  }

  static bool broken(mux& at) { return next<mux::violation>(at).has_value(); }
};

// ---- resets

TEST_F(MuxEnding, reset_goes_ahead_of_bytes_that_wait_for_credit_and_is_seen_behind_them) {
  const auto n = opened();
  const auto written = client.write(n, bytes(100'000, 1));
  ASSERT_GT(written, receiving::first_window);
  client.reset(n, reason::reset);
  const auto first = said(client, server);
  EXPECT_EQ(first, (std::vector{stream_frame::rst, stream_frame::data}));
  EXPECT_EQ(next<mux::ending>(server)->why, reason::reset);
  EXPECT_FALSE(next<mux::reset_by_peer>(server).has_value());
  std::size_t all = 0;
  for (int turn = 0; turn < 20; ++turn) {
    all += read(server, n).size();
    settle();
  }
  EXPECT_EQ(all, written);
  EXPECT_TRUE(next<mux::reset_by_peer>(server).has_value());
  EXPECT_EQ(client.size() + server.size(), 0u);
  EXPECT_EQ(near_budget.granted() + far_budget.granted(), 0u);
}

TEST_F(MuxEnding, abort_drops_what_a_reset_left_to_be_sent) {
  const auto n = opened();
  client.write(n, bytes(100'000, 1));
  client.reset(n, reason::reset);
  said(client, server);
  ASSERT_GT(client.held_bytes(), 0u) << "it waits for credit";
  client.abort(n, reason::withdrawn);
  EXPECT_EQ(client.held_bytes(), 0u);
  EXPECT_EQ(said(client, server), std::vector{stream_frame::rst});
  EXPECT_EQ(client.size(), 0u);
  EXPECT_FALSE(broken(server));
  read(server, n);
  settle();
  EXPECT_TRUE(next<mux::reset_by_peer>(server).has_value());
  EXPECT_EQ(server.size(), 0u);
  EXPECT_EQ(near_budget.granted() + far_budget.granted(), 0u);
}

TEST_F(MuxEnding, reset_with_nothing_before_it_is_over_at_once) {
  const auto n = opened();
  client.reset(n, reason::reset);
  settle();
  EXPECT_TRUE(next<mux::reset_by_peer>(server).has_value());
  EXPECT_EQ(client.size() + server.size(), 0u);
}

TEST_F(MuxEnding, bytes_yet_to_be_written_stand_before_the_reset_too) {
  const auto n = opened();
  client.write(n, as_bytes("one "));
  client.reset(n, reason::reset, 3);
  settle();
  EXPECT_TRUE(next<mux::ending>(server).has_value());
  EXPECT_EQ(as_text(read(server, n)), "one ");
  EXPECT_FALSE(next<mux::reset_by_peer>(server).has_value());
  EXPECT_EQ(client.write(n, as_bytes("two and more")), 3u);
  EXPECT_EQ(client.write(n, as_bytes("three")), 0u);
  client.reset(n, reason::reset);
  settle();
  EXPECT_EQ(as_text(read(server, n)), "two");
  EXPECT_TRUE(next<mux::reset_by_peer>(server).has_value());
  EXPECT_EQ(client.size() + server.size(), 0u);
}

TEST_F(MuxEnding, who_lets_go_before_all_was_written_takes_the_rest_of_the_promise_back) {
  const auto n = opened();
  client.write(n, as_bytes("one "));
  client.reset(n, reason::reset, 100);
  settle();
  client.reset(n, reason::reset);
  settle();
  EXPECT_EQ(as_text(read(server, n)), "one ");
  EXPECT_TRUE(next<mux::reset_by_peer>(server).has_value());
  EXPECT_FALSE(broken(server));
  EXPECT_EQ(client.size() + server.size(), 0u);
}

TEST_F(MuxEnding, reset_behind_a_finish_changes_nothing_of_what_came) {
  const auto n = opened();
  client.write(n, as_bytes("all"));
  client.finish(n);
  settle();
  client.reset(n, reason::reset);
  settle();
  EXPECT_EQ(as_text(read(server, n)), "all");
  EXPECT_TRUE(next<mux::reset_by_peer>(server).has_value());
  EXPECT_EQ(client.size() + server.size(), 0u);
}

TEST_F(MuxEnding, reset_of_the_reader_frees_the_writer_whose_bytes_still_wait) {
  const auto n = opened();
  client.write(n, bytes(100'000, 1));
  client.reset(n, reason::reset);
  settle();
  EXPECT_EQ(client.size(), 1u);
  server.reset(n, reason::reset);
  settle();
  EXPECT_EQ(client.size() + server.size(), 0u);
}

TEST_F(MuxEnding, resets_that_cross_free_both_ends) {
  const auto n = opened();
  client.write(n, bytes(100'000, 1));
  server.write(n, bytes(100'000, 1));
  client.reset(n, reason::reset);
  server.reset(n, reason::reset);
  settle();
  EXPECT_EQ(client.size() + server.size(), 0u);
  EXPECT_EQ(near_budget.granted() + far_budget.granted(), 0u);
}

TEST_F(MuxEnding, refusal_goes_out_although_the_asker_reset_meanwhile) {
  const auto n = client.open(now, "echo", {}, {});
  client.write(n, bytes(60'000, 1));
  carry(client, server);
  client.reset(n, reason::reset);
  server.refuse(n, reason::busy, "no");
  settle();
  EXPECT_EQ(client.size() + server.size(), 0u);
}

TEST_F(MuxEnding, opening_that_was_reset_is_told_with_the_bytes_before_the_reset_and_not_without) {
  const auto with = client.open(now, "echo", {}, {});
  client.write(with, as_bytes("question"));
  client.reset(with, reason::reset);
  client.reset(client.open(now, "echo", {}, {}), reason::reset);
  settle();
  EXPECT_EQ(next<mux::incoming>(server)->asked.number, with);
  server.accept(with);
  EXPECT_EQ(as_text(read(server, with)), "question");
  EXPECT_FALSE(next<mux::incoming>(server).has_value());
  settle();
  EXPECT_EQ(client.size() + server.size(), 0u);
}

TEST_F(MuxEnding, nothing_is_written_to_who_was_reset) {
  const auto n = opened();
  server.write(n, bytes(100'000, 1));
  client.write(n, as_bytes("x"));
  client.reset(n, reason::reset);
  settle();
  EXPECT_EQ(server.write(n, as_bytes("y")), 0u);
  EXPECT_LE(server.held_bytes(), 1u);
}

TEST_F(MuxEnding, peer_is_held_to_the_offset_of_its_reset) {
  const auto below = opened();
  client.write(below, as_bytes("three"));
  settle();
  send(server, stream_frame::rst, wire::stream_rst{below, reason::reset, 4, 0});
  EXPECT_TRUE(broken(server));
  const auto behind = opened();
  send(server, stream_frame::rst, wire::stream_rst{behind, reason::reset, 2, 0});
  client.write(behind, as_bytes("three"));
  carry(client, server);
  EXPECT_TRUE(broken(server));
  const auto raised = opened();
  send(server, stream_frame::rst, wire::stream_rst{raised, reason::reset, 5, 0});
  send(server, stream_frame::rst, wire::stream_rst{raised, reason::reset, 6, 0});
  EXPECT_TRUE(broken(server));
}

TEST_F(MuxEnding, neither_end_follows_a_reset_nor_offset_an_end) {
  const auto n = opened();
  send(server, stream_frame::rst, wire::stream_rst{n, reason::reset, 5, 0});
  send(server, stream_frame::fin, wire::stream_fin{n, 0});
  EXPECT_TRUE(broken(server));
  const auto m = opened();
  send(server, stream_frame::fin, wire::stream_fin{m, 0});
  send(server, stream_frame::rst, wire::stream_rst{m, reason::reset, 5, 0});
  EXPECT_TRUE(broken(server));
}

// ---- taken

TEST_F(MuxEnding, second_end_says_what_was_taken_and_costs_no_frame_more) {
  const auto n = opened();
  client.write(n, as_bytes("question"));
  settle();
  read(server, n);
  server.write(n, as_bytes("answer"));
  server.finish(n);
  said(server, client);
  read(client, n);
  client.finish(n);
  EXPECT_EQ(said(client, server), (std::vector{stream_frame::fin}));
  EXPECT_TRUE(said(server, client).empty());
  EXPECT_TRUE(next<mux::done>(client).has_value());
  EXPECT_TRUE(next<mux::done>(server).has_value());
}

TEST_F(MuxEnding, bytes_behind_the_other_sides_end_are_confirmed_by_a_frame_of_their_own) {
  const auto n = opened();
  server.finish(n);
  settle();
  client.write(n, as_bytes("question"));
  client.finish(n);
  settle();
  EXPECT_FALSE(next<mux::done>(client).has_value());
  read(server, n);
  EXPECT_EQ(said(server, client), (std::vector{stream_frame::taken}));
  EXPECT_EQ(next<mux::confirmed>(client)->taken, 8u);
  EXPECT_TRUE(next<mux::done>(client).has_value());
  EXPECT_EQ(client.size() + server.size(), 0u);
}

TEST_F(MuxEnding, what_was_read_is_not_taken_before_the_owner_says_so) {
  const auto n = opened();
  server.hold_taken(n);
  client.write(n, as_bytes("question"));
  client.finish(n);
  settle();
  read(server, n);
  server.taken(n, 3);
  server.finish(n);
  settle();
  EXPECT_EQ(next<mux::confirmed>(client)->taken, 3u);
  EXPECT_FALSE(next<mux::done>(client).has_value());
  server.taken(n, 8);
  settle();
  EXPECT_EQ(next<mux::confirmed>(client)->taken, 8u);
  EXPECT_TRUE(next<mux::done>(client).has_value());
  EXPECT_TRUE(next<mux::done>(server).has_value());
}

TEST_F(MuxEnding, more_than_was_read_is_never_taken) {
  const auto n = opened();
  server.hold_taken(n);
  client.write(n, as_bytes("question"));
  client.finish(n);
  settle();
  server.taken(n, 8);
  server.finish(n);
  settle();
  EXPECT_FALSE(next<mux::confirmed>(client).has_value());
  EXPECT_EQ(client.size(), 1u);
}

TEST_F(MuxEnding, reset_says_what_was_taken) {
  const auto n = opened();
  client.write(n, as_bytes("question"));
  settle();
  server.consume(now, n, 3);
  server.reset(n, reason::reset);
  settle();
  EXPECT_EQ(next<mux::confirmed>(client)->taken, 3u);
  EXPECT_TRUE(next<mux::reset_by_peer>(client).has_value());
}

TEST_F(MuxEnding, peer_that_took_more_than_was_sent_breaks_the_protocol) {
  for (const auto kind : {stream_frame::fin, stream_frame::rst, stream_frame::taken}) {
    const auto n = opened();
    server.write(n, as_bytes("three"));
    settle();
    if (kind == stream_frame::fin) send(server, kind, wire::stream_fin{n, 6});
    if (kind == stream_frame::rst) send(server, kind, wire::stream_rst{n, reason::reset, 0, 6});
    if (kind == stream_frame::taken) send(server, kind, wire::stream_taken{n, 6});
    EXPECT_TRUE(broken(server)) << static_cast<int>(kind);
  }
}

TEST_F(MuxEnding, room_for_a_message_is_told_once_it_is_there) {
  const auto n = opened();
  EXPECT_TRUE(client.await_room(n, 64'964));
  client.write(n, bytes(sending::buffer_limit, 1));
  settle();
  EXPECT_FALSE(client.await_room(n, 64'964));
  EXPECT_FALSE(next<mux::writable>(client).has_value());
  for (int turn = 0; turn < 20; ++turn) {
    read(server, n);
    settle();
  }
  EXPECT_TRUE(next<mux::writable>(client).has_value());
  EXPECT_TRUE(client.await_room(n, 64'964));
}

}  // namespace
}  // namespace gof::core
