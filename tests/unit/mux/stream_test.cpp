#include "mux/stream.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

using wire::reason;
using wire::stream_frame;

/// Each test is a sequence of steps: says() is the stream's next message, tells() is its next event.
struct Stream : testing::Test {
  static constexpr std::size_t largest = 64'972;
  instant now{50s};
  credit_budget budget;
  credit_share share{budget, {}};
  mux_event::queue events;
  mux_stream s{now, share, 7, 1000, largest, receiving::first_window};

  void open(bool probe = false) {
    s.ours = true;
    s.is_probe = probe;
    s.opening = std::make_unique<wire::stream_open>(wire::stream_open{7, {}, {}, 0, "echo", probe});
  }
  /// The stream is ours, and the other side has accepted it.
  void open_and_accept() {
    open();
    EXPECT_EQ(says(), "OPEN");
    s.handle(wire::stream_accept{7, 100'000}, events);
    EXPECT_EQ(tells(), "accepted");
  }

  std::string says() {
    if (!s.sendable()) return "-";
    const auto m = s.next(false, SIZE_MAX);
    s.handle_sent(m.kind, m.waited.empty() ? 0 : m.waited.size() - wire::stream_data::head_size, events);
    static const char* const names[] = {"?",   "OPEN",   "ACCEPT", "REFUSE", "DATA",  "FIN",
                                        "RST", "CREDIT", "PROBE",  "PROBED", "TAKEN", "RETURN"};
    return names[static_cast<std::size_t>(m.kind)];
  }

  std::string tells() {
    if (events.empty()) return "-";
    const auto e = std::move(events.front());
    events.pop_front();
    if (const auto* v = std::get_if<mux_event::violation>(&e)) return v->what;
    static const char* const names[] = {"incoming", "accepted",  "refused", "probed",        "readable",
                                        "writable", "confirmed", "ending",  "reset_by_peer", "done"};
    return names[e.index()];
  }

  void hear_data(std::size_t size) {
    s.handle_data(now, buffer(bytes(wire::stream_data::head_size + size, 1)), events);
  }
};

TEST_F(Stream, lives_from_its_opening_to_both_ends) {
  open();
  s.out.write(as_bytes("question"));
  s.out.finish();
  EXPECT_EQ(says(), "OPEN");
  EXPECT_EQ(says(), "DATA") << "it does not wait for the answer";
  EXPECT_EQ(says(), "FIN");
  EXPECT_EQ(says(), "-");
  s.handle(wire::stream_accept{7, 1000}, events);
  EXPECT_EQ(tells(), "accepted");
  hear_data(6);
  EXPECT_EQ(tells(), "readable");
  s.consume(now, 6, 0s, events);
  s.handle(wire::stream_fin{7, 8}, events);
  EXPECT_EQ(tells(), "confirmed");
  EXPECT_EQ(tells(), "readable") << "the end can be read";
  EXPECT_EQ(says(), "TAKEN");
  s.finish_if_done(events);
  EXPECT_EQ(tells(), "done");
  EXPECT_TRUE(s.over);
}

TEST_F(Stream, is_answered_once) {
  EXPECT_TRUE(s.accept());
  EXPECT_FALSE(s.accept());
  EXPECT_FALSE(s.refuse(reason::busy, {}));
  s.out.write(as_bytes("early"));
  EXPECT_EQ(says(), "ACCEPT");
  EXPECT_EQ(says(), "DATA");
}

TEST_F(Stream, is_over_with_its_refusal) {
  EXPECT_FALSE(s.confirm()) << "it is no probe";
  EXPECT_TRUE(s.refuse(reason::unknown_service, "no such service"));
  EXPECT_FALSE(s.over);
  EXPECT_EQ(says(), "REFUSE");
  EXPECT_TRUE(s.over);
}

TEST_F(Stream, is_over_when_a_probe_is_answered) {
  open(true);
  EXPECT_EQ(says(), "PROBE");
  s.handle(wire::stream_probed{7}, events);
  EXPECT_EQ(tells(), "probed");
  EXPECT_TRUE(s.over);
}

TEST_F(Stream, was_never_there_if_it_is_let_go_before_its_opening_went) {
  open();
  s.out.write(as_bytes("early"));
  s.abort(reason::reset);
  EXPECT_TRUE(s.over);
}

TEST_F(Stream, sends_what_was_written_behind_a_reset) {
  open_and_accept();
  s.out.write(bytes(10, 1));
  s.reset(reason::reset, 0);
  EXPECT_EQ(says(), "RST");
  EXPECT_FALSE(s.over);
  EXPECT_EQ(says(), "DATA");
  EXPECT_TRUE(s.over);
}

TEST_F(Stream, waits_for_what_is_still_to_be_written_behind_a_reset) {
  open_and_accept();
  s.reset(reason::reset, 5);
  EXPECT_EQ(says(), "RST");
  EXPECT_EQ(says(), "-");
  EXPECT_EQ(s.out.write(bytes(100, 1)), 5u);
  EXPECT_EQ(says(), "DATA");
  s.reset(reason::reset, 0);
  EXPECT_TRUE(s.over);
}

TEST_F(Stream, sends_nothing_but_the_reset_when_aborted) {
  open_and_accept();
  s.out.write(bytes(10, 1));
  s.abort(reason::reset);
  EXPECT_EQ(says(), "RST");
  EXPECT_TRUE(s.over);
}

TEST_F(Stream, is_read_to_the_offset_of_the_other_sides_reset) {
  open_and_accept();
  hear_data(4);
  EXPECT_EQ(tells(), "readable");
  s.handle(wire::stream_rst{7, reason::reset, 6, 0}, events);
  EXPECT_EQ(tells(), "ending");
  s.consume(now, 4, 0s, events);
  EXPECT_EQ(tells(), "-");
  hear_data(2);
  EXPECT_EQ(tells(), "readable");
  s.consume(now, 2, 0s, events);
  EXPECT_EQ(tells(), "reset_by_peer");
  EXPECT_TRUE(s.over);
}

TEST_F(Stream, tells_what_no_honest_peer_says) {
  open();
  s.handle(wire::stream_accept{7, 1000}, events);
  EXPECT_EQ(tells(), "an ACCEPT nobody waits for") << "the opening was not sent yet";
  EXPECT_EQ(says(), "OPEN");
  s.handle(wire::stream_probed{7}, events);
  EXPECT_EQ(tells(), "a PROBED nobody waits for");
  s.handle(wire::stream_taken{7, 1}, events);
  EXPECT_EQ(tells(), "more was taken than was sent");
  hear_data(receiving::first_window + 1);
  EXPECT_EQ(tells(), "DATA beyond the credit");
  s.handle(wire::stream_return{7, 0, 0}, events);
  EXPECT_EQ(tells(), "a RETURN of credit that it does not have");
  s.handle(wire::stream_fin{7, 0}, events);
  EXPECT_EQ(tells(), "readable");
  s.handle(wire::stream_fin{7, 0}, events);
  EXPECT_EQ(tells(), "a second FIN");
  s.handle(wire::stream_rst{7, reason::reset, 9, 0}, events);
  EXPECT_EQ(tells(), "a reset at an offset that cannot be");
}

}  // namespace
}  // namespace gof::core
