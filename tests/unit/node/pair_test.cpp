#include "support/world.hpp"

#include <gtest/gtest.h>

namespace gof::test {
namespace {

struct Pair : ::testing::Test {
  world w{1};
  host& server = w.add_member("server");
  host& client = w.add_guest("client");
  wire::ticket ticket = w.ticket(server, {"echo"});
  std::map<std::pair<const host*, stream_id>, bytes> received;

  void SetUp() override {
    server.on_event = [this](const core::event& e) {
      if (const auto* asked = std::get_if<core::stream_incoming>(&e)) {
        if (!server.node().proves(asked->stream, world::token(ticket)))
          server.node().refuse(w.now(), asked->stream, wire::reason::not_allowed, "no");
        else if (asked->probe)
          server.node().confirm(w.now(), asked->stream);
        else
          server.node().accept(w.now(), asked->stream);
      }
      take(server, e);
    };
    client.on_event = [this](const core::event& e) { take(client, e); };
    ASSERT_FALSE(client.node().add_ticket(w.now(), ticket));
  }

  void take(host& h, const core::event& e) {
    const auto* r = std::get_if<core::stream_readable>(&e);
    if (r == nullptr) return;
    for (auto front = h.node().readable(r->stream); !front.empty(); front = h.node().readable(r->stream)) {
      append(received[{&h, r->stream}], front);
      h.node().consume(w.now(), r->stream, front.size());
    }
  }
};

TEST_F(Pair, comes_up_and_answers_a_probe) {
  const auto probe = client.node().probe(w.now(), ticket.issuer, "echo");
  ASSERT_TRUE(w.run(5s, [&] { return client.count<core::stream_probed>() == 1; }));
  EXPECT_EQ(client.last<core::stream_probed>()->stream, probe);
  ASSERT_TRUE(w.run(
      5s, [&] { return client.count<core::session_up>() == 1 && server.count<core::session_up>() == 1; }));
  EXPECT_EQ(client.last<core::session_up>()->name, "server");
}

TEST_F(Pair, carries_bytes_both_ways_and_ends) {
  const auto mine = client.node().open(w.now(), ticket.issuer, "echo");
  ASSERT_TRUE(w.run(5s, [&] { return client.count<core::stream_accepted>() == 1; }));
  const auto theirs = server.last<core::stream_incoming>()->stream;
  EXPECT_EQ(client.node().write(w.now(), mine, as_bytes("question")), 8u);
  client.node().finish(w.now(), mine);
  ASSERT_TRUE(w.run(5s, [&] { return server.node().at_end(theirs); }));
  EXPECT_EQ(as_text(received[{&server, theirs}]), "question");
  EXPECT_EQ(server.node().write(w.now(), theirs, as_bytes("answer")), 6u);
  server.node().finish(w.now(), theirs);
  ASSERT_TRUE(w.run(5s, [&] { return client.count<core::stream_done>() == 1; }));
  EXPECT_EQ(as_text(received[{&client, mine}]), "answer");
  w.run(1s);
  EXPECT_EQ(server.count<core::stream_done>(), 1u);
  EXPECT_EQ(client.node().streams(), 0u);
  EXPECT_EQ(server.node().streams(), 0u);
}

}  // namespace
}  // namespace gof::test
