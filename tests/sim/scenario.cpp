#include "scenario.hpp"

#include <algorithm>
#include <iostream>

namespace gof::test {

void scenario::start(duration survive, duration connect_timeout) {
  server = &w.add_member("server", survive, connect_timeout);
  client = &w.add_guest("client", survive, connect_timeout);
  grant = w.ticket(*server, {"web"});
  said.serve(*server);
  said.serve(*client);
  said.allow(*server, grant);
  ASSERT_FALSE(client->node().add_ticket(w.now(), grant));
}

void scenario::start_at(duration delay, double bits_per_second, duration survive) {
  start(survive);
  auto& line = w.between(*server, *client);
  line.delay = delay;
  line.bits_per_second = bits_per_second;
}

void scenario::bring_up() {
  ASSERT_TRUE(w.run(
      5s, [&] { return client->count<core::session_up>() > 0 && server->count<core::session_up>() > 0; }));
}

void scenario::kill(host& h) {
  w.kill(h);
  said.handle_killed(h);
}

void scenario::expect_intact(const conversation& c) const {
  for (const auto* h : {&c.asker, &c.answerer})
    EXPECT_EQ(h->how, half::fate::done) << "conversation " << c.number;
  EXPECT_EQ(c.asker.received, c.answerer.length);
  EXPECT_EQ(c.answerer.received, c.asker.length);
}

void scenario::expect_freed() const {
  for (auto* h : {server, client}) {
    if (!h->is_running()) continue;
    EXPECT_EQ(h->node().streams(), 0u) << h->name();
    EXPECT_EQ(h->node().held_bytes(), 0u) << h->name();
  }
}

void scenario::TearDown() {
  if (!HasFailure()) return;
  const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
  auto name = std::string("sim.") + info->test_suite_name() + "." + info->name();
  std::replace(name.begin(), name.end(), '/', '-');
  std::cout << record.write(name) << std::endl;
}

}  // namespace gof::test
