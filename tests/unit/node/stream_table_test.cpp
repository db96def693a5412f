#include "node/stream_table.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

using wire::reason;

struct StreamTable : ::testing::Test {
  stream_table table;
  instant now{100s};
  const peer_id home{as_bytes("home")};
  const node_id one{as_bytes("1")};
  const node_id other{as_bytes("2")};

  stream_id asked(const peer_id& whom, bool probe = false) {
    return table.ask(whom, probe, {"web", {}, false, false, {}}, now + 10s);
  }
  stream_id placed(const node_id& node, mux::number number) {
    const auto id = asked(home);
    table.handle_assigned(id, {node, number});
    return id;
  }
  /// Returns the id of a request that arrived.
  stream_id came(const node_id& from, mux::number number, bool same_host = false,
                 wire::open_options options = {}) {
    wire::stream_open open;
    open.number = number;
    open.service = "web";
    open.options = std::move(options);
    table.handle_incoming(home, from, open, same_host);
    return next<stream_incoming>().value().stream;
  }
  template <class Event>
  std::optional<Event> next() {
    const auto e = table.poll_event();
    if (!e || !std::holds_alternative<Event>(*e)) return std::nullopt;
    return std::get<Event>(*e);
  }
  bool silent() { return !table.poll_event(); }
};

// ---- streams that we open

TEST_F(StreamTable, holds_what_was_asked_until_there_is_a_place) {
  const auto id = asked(home);
  EXPECT_EQ(table.waiting(), 1u);
  EXPECT_EQ(table.waiting_for(home), std::vector{id});
  EXPECT_EQ(table.request_of(id).service, "web");
  EXPECT_FALSE(table.find(id)->at);
  EXPECT_TRUE(silent());
}

TEST_F(StreamTable, keeps_what_its_owner_wanted_meanwhile) {
  const auto id = asked(home);
  table.want_finish(id);
  table.want_taken_held(id);
  table.want_reset(id, reason::reset, 7);
  const auto& kept = table.request_of(id);
  EXPECT_TRUE(kept.finish);
  EXPECT_TRUE(kept.holds_taken);
  EXPECT_EQ(kept.reset, std::pair(reason::reset, std::uint64_t{7}));
}

TEST_F(StreamTable, waits_no_more_once_it_has_a_place) {
  const auto id = placed(one, 4);
  EXPECT_EQ(table.waiting(), 0u);
  EXPECT_TRUE(table.wanted().empty());
  EXPECT_EQ(table.find(id)->at->node, one);
  EXPECT_EQ(table.find(id)->at->number, 4u);
}

TEST_F(StreamTable, tells_peers_that_are_waited_for_apart) {
  const peer_id away{as_bytes("away")};
  const auto first = asked(home);
  const auto second = asked(away);
  const auto third = asked(home);
  EXPECT_EQ(table.wanted().size(), 2u);
  EXPECT_EQ(table.waiting_for(home), (std::vector{first, third}));
  EXPECT_EQ(table.waiting_for(away), std::vector{second});
}

TEST_F(StreamTable, tells_what_its_session_told) {
  const auto id = placed(one, 4);
  table.handle(one, mux::accepted{4});
  table.handle(one, mux::readable{4});
  table.handle(one, mux::writable{4});
  EXPECT_EQ(next<stream_accepted>()->stream, id);
  EXPECT_EQ(next<stream_readable>()->stream, id);
  EXPECT_EQ(next<stream_writable>()->stream, id);
  EXPECT_TRUE(table.find(id)->answered);
}

TEST_F(StreamTable, does_not_mix_equal_numbers_of_two_sessions) {
  const auto here = placed(one, 4);
  const auto there = placed(other, 4);
  table.handle(other, mux::readable{4});
  EXPECT_EQ(next<stream_readable>()->stream, there);
  table.handle(one, mux::readable{4});
  EXPECT_EQ(next<stream_readable>()->stream, here);
}

TEST_F(StreamTable, forgets_one_that_is_done) {
  const auto id = placed(one, 4);
  table.handle(one, mux::done{4});
  EXPECT_EQ(next<stream_done>()->stream, id);
  EXPECT_EQ(table.find(id), nullptr);
  table.handle(one, mux::readable{4});
  EXPECT_TRUE(silent());
}

TEST_F(StreamTable, says_nothing_of_one_that_its_owner_let_go_of) {
  table.forget(placed(one, 4));
  table.handle(one, mux::readable{4});
  EXPECT_TRUE(silent());
}

// ---- time

TEST_F(StreamTable, refuses_what_found_no_session_in_time) {
  const auto id = asked(home);
  EXPECT_EQ(table.poll_timeout(), now + 10s);
  EXPECT_TRUE(table.handle_timeout(now + 10s - 1ns).empty());
  EXPECT_TRUE(table.handle_timeout(now + 10s).empty());
  const auto no = next<stream_refused>();
  EXPECT_EQ(no->stream, id);
  EXPECT_EQ(no->why, reason::survived_out);
  EXPECT_FALSE(table.poll_timeout());
}

TEST_F(StreamTable, lets_the_other_side_speak_first_and_then_aborts) {
  const auto id = placed(one, 4);
  EXPECT_TRUE(table.handle_timeout(now + 10s).empty());
  EXPECT_TRUE(silent());
  EXPECT_EQ(table.poll_timeout(), now + 10s + stream_table::answer_grace);
  const auto aborted = table.handle_timeout(now + 10s + stream_table::answer_grace);
  ASSERT_EQ(aborted.size(), 1u);
  EXPECT_EQ(aborted[0].node, one);
  EXPECT_EQ(aborted[0].number, 4u);
  EXPECT_EQ(next<stream_refused>()->stream, id);
  EXPECT_EQ(table.find(id), nullptr);
}

TEST_F(StreamTable, has_no_time_limit_once_it_is_answered) {
  placed(one, 4);
  table.handle(one, mux::accepted{4});
  EXPECT_FALSE(table.poll_timeout());
}

// ---- requests to us

TEST_F(StreamTable, tells_what_came_in) {
  const auto id = came(one, 3);
  EXPECT_FALSE(table.find(id)->ours);
  EXPECT_EQ(table.find(id)->at->number, 3u);
  EXPECT_FALSE(table.poll_timeout());
}

TEST_F(StreamTable, does_not_tell_of_an_opening_whose_stream_is_over) {
  wire::stream_open open;
  open.number = 3;
  table.handle_incoming(home, one, open, false);
  const auto asked = table.poll_event();
  table.handle(one, mux::reset_by_peer{3, reason::reset});
  const auto ended = table.poll_event();
  EXPECT_TRUE(table.outlived(*asked));
  EXPECT_TRUE(table.outlived(*ended));
}

TEST_F(StreamTable, tells_the_end_of_one_that_was_heard_of) {
  wire::stream_open open;
  open.number = 3;
  table.handle_incoming(home, one, open, false);
  EXPECT_FALSE(table.outlived(*table.poll_event()));
  table.handle(one, mux::reset_by_peer{3, reason::reset});
  EXPECT_FALSE(table.outlived(*table.poll_event()));
}

TEST_F(StreamTable, serves_a_node_whose_question_was_answered) {
  const auto id = came(one, 3);
  EXPECT_FALSE(table.serves(one));
  table.handle_answered(id);
  EXPECT_TRUE(table.serves(one));
  EXPECT_FALSE(table.serves(other));
}

// ---- the end

TEST_F(StreamTable, loses_all_of_a_session_and_no_other) {
  const auto unanswered = placed(one, 4);
  const auto kept = placed(other, 4);
  const auto theirs = came(one, 3);
  table.handle_lost(one, reason::none);
  std::map<stream_id, reason> ended;
  for (auto e = table.poll_event(); e; e = table.poll_event()) {
    if (const auto* no = std::get_if<stream_refused>(&*e)) ended[no->stream] = no->why;
    if (const auto* r = std::get_if<stream_reset>(&*e)) ended[r->stream] = r->why;
  }
  EXPECT_EQ(ended, (std::map<stream_id, reason>{{unanswered, reason::survived_out},
                                                {theirs, reason::survived_out}}));
  EXPECT_NE(table.find(kept), nullptr);
}

TEST_F(StreamTable, refuses_what_waits_when_the_node_ends) {
  const auto first = asked(home);
  const auto second = asked(home);
  table.shut_down();
  EXPECT_EQ(next<stream_refused>()->stream, first);
  EXPECT_EQ(next<stream_refused>()->stream, second);
  EXPECT_EQ(table.waiting(), 0u);
  EXPECT_FALSE(table.poll_timeout());
}

}  // namespace
}  // namespace gof::core
