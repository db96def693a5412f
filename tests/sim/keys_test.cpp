#include "scenario.hpp"

#include <set>

namespace gof::test {
namespace {

struct Keys : scenario {
  /// When a host sent frames whose descriptions contain this text.
  std::vector<duration> sent(const host& from, const std::string& words) const {
    std::vector<duration> all;
    for (const auto& r : record.records())
      if (r.what == trace_record::kind::sent && r.from == from.index() &&
          r.text.find(words) != std::string::npos)
        all.push_back(r.when - record.start());
    return all;
  }
};

TEST_F(Keys, are_renewed_each_hour_under_traffic_that_never_notices) {
  start_at(10ms, 10e6);
  bring_up();
  const auto up = w.since_start();
  auto& c = converse({1000, 1000, false, true});
  std::uint64_t spoken = 0;
  for (int i = 0; i < 2 * 3600 + 600; i += 10) {
    said.say(c.asker, 5000);
    said.say(c.answerer, 5000);
    w.run(10s);
    spoken += 5000;
    ASSERT_EQ(c.asker.received, spoken + 1000) << seconds();
    ASSERT_EQ(c.answerer.received, spoken + 1000) << seconds();
  }
  said.finish(c.asker);
  said.finish(c.answerer);
  ASSERT_TRUE(w.run(5s, [&] { return said.all_over(); }));
  expect_intact(c);
  for (auto* h : {client, server}) {
    const auto renewed = sent(*h, "REKEY");
    ASSERT_EQ(renewed.size(), 2u) << h->name();
    EXPECT_GE(renewed[0], 1h);
    EXPECT_LE(renewed[0], 1h + up + 1s);
    EXPECT_GE(renewed[1], 2h);
    EXPECT_LE(renewed[1], 2h + up + 2s);
    EXPECT_EQ(h->count<core::session_up>(), 1u);
    EXPECT_EQ(h->count<core::link_down>(), 0u);
    EXPECT_EQ(h->count<core::path_lost>(), 0u);
  }
  w.run(1s);
  expect_freed();
}

TEST_F(Keys, are_renewed_in_the_middle_of_bulk) {
  start_at(10ms, 20e6);
  w.between(*server, *client).buffer = 256 * 1024;
  bring_up();
  w.run(3595s - w.since_start());
  auto& c = converse({20'000'000, 20'000'000});  // takes 8 s or more
  w.run(10s);
  EXPECT_EQ(sent(*client, "REKEY").size(), 1u);
  ASSERT_TRUE(w.run(20s, [&] { return c.over(); }));
  expect_intact(c);
  std::cout << "20 MB each way at 20 Mbit/s: " << seconds() - 3595 << " s\n";
  EXPECT_EQ(client->count<core::link_down>(), 0u);
  EXPECT_EQ(client->count<core::path_lost>(), 0u);
  w.run(1s);
  expect_freed();
}

TEST_F(Keys, path_lost_at_the_hour_does_not_lose_the_session) {
  start_at(10ms, 0);
  bring_up();
  auto& c = converse({1000, 1000, false, true});
  w.run(3599s - w.since_start());
  w.cut(*server, *client);
  w.run(20s);
  said.say(c.asker, 100'000);
  w.heal(*server, *client);
  w.run(30s);
  EXPECT_EQ(c.answerer.received, 101'000u);
  said.say(c.answerer, 100'000);
  w.run(30s);
  EXPECT_EQ(c.asker.received, 101'000u);
  EXPECT_EQ(client->count<core::session_up>(), 1u);
  EXPECT_EQ(client->count<core::session_over>(), 0u);
  w.run(3700s);
  said.say(c.asker, 100'000);
  w.run(1s);
  EXPECT_EQ(c.answerer.received, 201'000u);
  EXPECT_EQ(client->count<core::path_lost>(), 1u);
}

// ---- an unused session

TEST_F(Keys, idle_session_wakes_for_probes_and_records_alone) {
  start_at(10ms, 0);
  bring_up();
  w.run(60s);
  const auto wakeups = std::pair(client->wakeups(), server->wakeups());
  const auto records = record.records().size();
  const auto events = std::pair(client->events().size(), server->events().size());
  w.run(3000s);  // no new keys are due
  std::cout << "in 3,000 s: the client woke " << client->wakeups() - wakeups.first << " times, the server "
            << server->wakeups() - wakeups.second << " times, " << record.records().size() - records
            << " pieces were sent\n";
  // The client probes every 2 s; the server asks its neighbour every 30 s for records that it missed.
  EXPECT_LE(client->wakeups() - wakeups.first, 1500u + 10);
  EXPECT_LE(server->wakeups() - wakeups.second, 100u + 10);
  EXPECT_LE(record.records().size() - records, 3000u + 100 + 20);  // probes and their answers
  EXPECT_EQ(client->events().size(), events.first);
  EXPECT_EQ(server->events().size(), events.second);
}

}  // namespace
}  // namespace gof::test
