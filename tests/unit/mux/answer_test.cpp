// ACCEPT waits for data to go with.
#include "mux_pair.hpp"

namespace gof::core {
namespace {

using wire::stream_frame;

struct Answer : Mux {
  /// A stream whose request has arrived, and which was accepted then.
  mux::number asked(std::size_t request) {
    const auto n = client.open(now, "echo", {}, {});
    if (request > 0) client.write(n, bytes(request, 1));
    carry(client, server);
    EXPECT_TRUE(next<mux::incoming>(server));
    server.accept(now, n);
    return n;
  }

  std::vector<stream_frame> said(mux& by, mux& to) const {
    std::vector<stream_frame> all;
    for (auto m = by.poll_message(); m; m = by.poll_message()) {
      all.push_back(m->kind);
      buffer whole(m->whole());
      by.handle_sent();
      to.handle_message(now, m->sctp_stream, static_cast<std::uint32_t>(m->kind), std::move(whole));
    }
    return all;
  }

  const std::vector<stream_frame> nothing;
};

TEST_F(Answer, of_a_request_goes_with_the_first_data) {
  const auto n = asked(10);
  EXPECT_EQ(said(server, client), nothing);
  EXPECT_EQ(server.poll_timeout(), now + mux_stream::answer_wait);
  now += mux_stream::answer_wait / 2;
  server.write(n, as_bytes("answer"));
  EXPECT_EQ(said(server, client), (std::vector{stream_frame::accept, stream_frame::data}));
  EXPECT_EQ(server.poll_timeout(), std::nullopt);
  EXPECT_TRUE(next<mux::accepted>(client));
  EXPECT_EQ(read(client, n), bytes(as_bytes("answer").begin(), as_bytes("answer").end()));
}

TEST_F(Answer, goes_with_an_end_too) {
  const auto n = asked(10);
  server.finish(n);
  EXPECT_EQ(said(server, client), (std::vector{stream_frame::accept, stream_frame::fin}));
}

TEST_F(Answer, goes_alone_once_its_time_is_over) {
  const auto n = asked(10);
  now += mux_stream::answer_wait - 1ns;
  server.handle_timeout(now);
  EXPECT_EQ(said(server, client), nothing);
  now += 1ns;
  server.handle_timeout(now);
  EXPECT_EQ(said(server, client), (std::vector{stream_frame::accept}));
  EXPECT_EQ(server.poll_timeout(), std::nullopt);
  server.write(n, as_bytes("answer"));
  EXPECT_EQ(said(server, client), (std::vector{stream_frame::data}));
}

TEST_F(Answer, does_not_wait_when_the_opener_says_nothing_first) {
  asked(0);
  EXPECT_EQ(said(server, client), (std::vector{stream_frame::accept}));
}

TEST_F(Answer, does_not_wait_when_the_opener_may_lack_credit) {
  asked(mux_stream::largest_request + 1);
  EXPECT_EQ(said(server, client), (std::vector{stream_frame::accept}));
}

TEST_F(Answer, of_each_stream_has_a_time_of_its_own) {
  const auto first = asked(10);
  const auto begun = now;
  now += mux_stream::answer_wait / 2;
  const auto second = asked(10);
  server.write(first, as_bytes("answer"));
  EXPECT_EQ(said(server, client), (std::vector{stream_frame::accept, stream_frame::data}));
  EXPECT_EQ(server.poll_timeout(), now + mux_stream::answer_wait);
  now = begun + mux_stream::answer_wait;
  server.handle_timeout(now);
  EXPECT_EQ(said(server, client), nothing);
  now += mux_stream::answer_wait / 2;
  server.handle_timeout(now);
  EXPECT_EQ(said(server, client), (std::vector{stream_frame::accept}));
  EXPECT_NE(first, second);
}

TEST_F(Answer, comes_before_a_reset_which_does_not_wait) {
  const auto n = asked(10);
  server.reset(n, wire::reason::none);
  EXPECT_EQ(said(server, client), (std::vector{stream_frame::accept, stream_frame::rst}));
  EXPECT_EQ(server.poll_timeout(), std::nullopt);
}

TEST_F(Answer, is_dropped_with_its_stream) {
  for (const bool here : {true, false}) {
    const auto n = asked(10);
    if (here)
      server.abort(n, wire::reason::none);
    else
      client.abort(n, wire::reason::none);
    carry(client, server);
    read(server, n);
    carry(server, client);
    EXPECT_EQ(server.poll_timeout(), std::nullopt) << here;
    server.handle_timeout(now + mux_stream::answer_wait);
    EXPECT_EQ(said(server, client), nothing) << here;
  }
}

}  // namespace
}  // namespace gof::core
