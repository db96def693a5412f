#include "loopback.hpp"

namespace gof::forward {
namespace {

using log::level;

class Server : public loopback {
 protected:
  bool knocked(const door& on) {
    return run_until([&] { return on.taken.size() == 1; });
  }
  const service_report& report_of(const server& s, const std::string& name) {
    reports = s.report();
    for (const auto& one : reports)
      if (one.name == name) return one;
    static const service_report nothing;
    ADD_FAILURE() << "no report of " << name;
    return nothing;
  }

  door first{io};
  door second{io};
  std::vector<service_report> reports;
};

// ---- access

TEST_F(Server, takes_a_peer_that_is_allowed_and_needs_no_ticket) {
  const auto serving = serve({{"one", first.target()}, {"two", second.target()}});
  allow(*here, "one");
  gof::stream s(*here);
  ASSERT_FALSE(connect(s, "one"));
  ASSERT_TRUE(knocked(first));
  EXPECT_TRUE(carries(s, first.taken.front()));
  EXPECT_TRUE(carries(first.taken.front(), s));
  EXPECT_FALSE(probe(*here, "one"));
  EXPECT_EQ(connect(*here, "two"), errc::not_allowed);
  EXPECT_EQ(connect(*here, "three"), errc::not_allowed) << "nor a service that does not exist";
  EXPECT_TRUE(second.taken.empty());
  EXPECT_EQ(log.count(level::warning, "without a ticket"), 2u);
}

TEST_F(Server, resets_a_peer_that_is_allowed_no_more_and_nobody_else) {
  const auto other = make_member("other");
  join(*other);
  const auto ticket = ticket_for({"one", first.target()});
  const auto serving = serve({{"one", first.target()}, {"two", second.target()}});
  for (auto* who : {here.get(), other.get()})
    for (const auto* name : {"one", "two"}) allow(*who, name);
  gof::stream gone(*here), same_peer(*here), same_service(*other);
  ASSERT_FALSE(connect(gone, "one"));
  ASSERT_FALSE(connect(same_peer, "two"));
  ASSERT_FALSE(connect(same_service, "one"));
  const auto holder = make_member("holder");
  error_code error;
  holder->use(ticket, error);
  gof::stream by_ticket(*holder);
  ASSERT_FALSE(connect(by_ticket, "one"));

  serving->handle_grants_changed();
  forbid(*here, "one");
  serving->handle_grants_changed();
  EXPECT_EQ(end_of(gone), errc::reset);
  EXPECT_EQ(serving->connections(), 3u);
  EXPECT_EQ(log.count(level::info, "fewer peers are allowed: 1 connection without a ticket reset"), 1u);
  EXPECT_EQ(connect(*here, "one"), errc::not_allowed);

  rights.grants.clear();
  serving->handle_grants_changed();
  EXPECT_EQ(end_of(by_ticket), errc::reset);
  EXPECT_EQ(log.count(level::info, "a ticket was withdrawn: 1 connection"), 1u);
  ASSERT_TRUE(knocked(second));
  EXPECT_TRUE(carries(same_peer, second.taken.front()));
  EXPECT_TRUE(same_service.is_open());
}

TEST_F(Server, lets_nobody_in_whose_right_went_while_the_target_was_dialled) {
  const auto serving = serve({{"one", first.target()}});
  allow(*here, "one");
  gof::stream s(*here);
  std::optional<error_code> answer;
  s.async_connect({there->id(), "one"}, [&](error_code error) { answer = error; });
  ASSERT_TRUE(run_until([&] { return serving->connections() == 1; }));
  forbid(*here, "one");
  ASSERT_TRUE(run_until([&] { return answer.has_value(); }));
  EXPECT_EQ(*answer, errc::not_allowed);
}

// ---- services added and removed

TEST_F(Server, leaves_what_is_served_already_as_it_is) {
  const auto serving = serve({{"one", first.target()}, {"two", second.target()}});
  allow(*here, "one");
  allow(*here, "two");
  gof::stream s(*here);
  ASSERT_FALSE(connect(s, "one"));
  second.close();
  EXPECT_EQ(connect(*here, "two"), errc::target_refused);
  const auto since = report_of(*serving, "two").since;

  serving->serve({{"three", first.target()}, {"two", second.target()}, {"one", first.target()}});
  EXPECT_EQ(report_of(*serving, "one").connections.open, 1u);
  EXPECT_TRUE(report_of(*serving, "two").failing);
  EXPECT_EQ(report_of(*serving, "two").since, since);
  EXPECT_FALSE(report_of(*serving, "three").failing);
  const door back(io, second.port());
  ASSERT_TRUE(run_until([&] { return !report_of(*serving, "two").failing; })) << "the target is retried";
  EXPECT_EQ(log.count(level::info, "answers again"), 1u);
  allow(*here, "three");
  EXPECT_FALSE(probe(*here, "three"));
}

TEST_F(Server, asks_a_target_once_for_probes_before_and_after_it_took_its_services_anew) {
  const auto serving = serve({{"one", first.target()}});
  allow(*here, "one");
  std::vector<error_code> answers;
  const auto ask = [&] {
    here->async_probe({there->id(), "one"},
                      [&](error_code error, const std::string&) { answers.push_back(error); });
  };
  ask();
  ASSERT_TRUE(run_until([&] { return serving->connections() == 1; }));
  serving->serve({{"one", first.target()}});
  ask();
  ASSERT_TRUE(run_until([&] { return answers.size() == 2; }));
  for (const auto& error : answers) EXPECT_FALSE(error) << error.message();
  EXPECT_EQ(first.taken.size(), 1u);
}

TEST_F(Server, lets_connections_to_what_it_serves_no_more_go_on) {
  const auto serving = serve({{"one", first.target()}});
  allow(*here, "one");
  gof::stream s(*here);
  ASSERT_FALSE(connect(s, "one"));
  ASSERT_TRUE(knocked(first));
  serving->serve({});
  EXPECT_TRUE(serving->report().empty());
  EXPECT_EQ(connect(*here, "one"), errc::not_allowed);
  serving->handle_grants_changed();
  EXPECT_TRUE(carries(s, first.taken.front()));
  EXPECT_TRUE(carries(first.taken.front(), s));
  EXPECT_EQ(serving->connections(), 1u);
}

TEST_F(Server, joins_who_asked_before_the_service_went) {
  const auto serving = serve({{"one", first.target()}});
  allow(*here, "one");
  gof::stream s(*here);
  std::optional<error_code> answer, probed;
  s.async_connect({there->id(), "one"}, [&](error_code error) { answer = error; });
  here->async_probe({there->id(), "one"}, [&](error_code error, const std::string&) { probed = error; });
  ASSERT_TRUE(run_until([&] { return serving->connections() == 2; }));
  serving->serve({});
  ASSERT_TRUE(run_until([&] { return answer && probed; }));
  EXPECT_FALSE(*answer) << answer->message();
  EXPECT_FALSE(*probed) << probed->message();
  EXPECT_TRUE(s.is_open());
}

TEST_F(Server, refuses_who_asked_before_the_service_went_and_its_target_is_away) {
  const auto serving = serve({{"one", first.target()}});
  allow(*here, "one");
  first.close();
  gof::stream s(*here);
  std::optional<error_code> answer;
  s.async_connect({there->id(), "one"}, [&](error_code error) { answer = error; });
  ASSERT_TRUE(run_until([&] { return serving->connections() == 1; }));
  serving->serve({});
  ASSERT_TRUE(run_until([&] { return answer.has_value(); }));
  EXPECT_EQ(*answer, errc::target_refused);
  EXPECT_EQ(log.count(level::warning, "refused"), 0u) << "the service was removed";
}

TEST_F(Server, goes_to_the_new_target_with_new_connections_alone) {
  const auto serving = serve({{"one", first.target()}});
  allow(*here, "one");
  gof::stream before(*here), after(*here);
  ASSERT_FALSE(connect(before, "one"));
  ASSERT_TRUE(knocked(first));
  serving->serve({{"one", second.target()}});
  EXPECT_EQ(report_of(*serving, "one").connections.open, 0u);
  ASSERT_FALSE(connect(after, "one"));
  ASSERT_TRUE(knocked(second));
  EXPECT_TRUE(carries(before, first.taken.front()));
  EXPECT_TRUE(carries(after, second.taken.front()));
  EXPECT_EQ(first.taken.size(), 1u);
}

TEST_F(Server, tries_a_target_that_failed_no_more_when_its_service_is_gone) {
  const auto serving = serve({{"one", first.target()}});
  allow(*here, "one");
  first.close();
  EXPECT_EQ(connect(*here, "one"), errc::target_refused);
  EXPECT_TRUE(report_of(*serving, "one").failing);
  serving->serve({{"two", second.target()}});
  const door back(io, first.port());
  run_for(1200ms);  // the first retry would be after a second
  EXPECT_TRUE(back.taken.empty());
}

TEST_F(Server, may_go_at_any_time) {
  auto serving = serve({{"one", first.target()}, {"two", second.target()}});
  for (const auto* name : {"one", "two"}) allow(*here, name);
  first.close();
  EXPECT_EQ(connect(*here, "one"), errc::target_refused);
  gof::stream s(*here);
  std::optional<error_code> answer;
  s.async_connect({there->id(), "two"}, [&](error_code error) { answer = error; });
  ASSERT_TRUE(run_until([&] { return serving->connections() == 1; }));
  serving->serve({});
  serving.reset();
  ASSERT_TRUE(run_until([&] { return answer.has_value(); }));
  EXPECT_TRUE(*answer);
}

// ---- loops

/// A forward on this host that listens at the service's own target.
class Loop : public Server {
 protected:
  Loop() {
    port = door(io).port();
    serving = serve({{"web", {"127.0.0.1", port, {}}}});
    allow(*here, "web");
    error_code error;
    here->reach(there->id(), error);
  }
  ~Loop() override {
    forwarding_there.reset();
    serving.reset();
  }
  void forward_at(const std::string& bind) {
    forwarding_there = std::make_unique<client>(*here, there->id(), log, client::handlers{});
    const auto wrong = forwarding_there->add({{{bind, port, {}}, "web"}});
    EXPECT_FALSE(wrong) << wrong->what;
    forwarding_there->start();
  }
  std::size_t taken() const { return forwarding_there->report().front().connections.total; }

  std::uint16_t port = 0;
  std::unique_ptr<server> serving;
  std::unique_ptr<client> forwarding_there;
};

TEST_F(Loop, is_told_once_at_each_end_and_falls_silent) {
  forward_at("");
  ASSERT_TRUE(run_until([&] { return log.count(level::warning, "(a loop)") == 2; }));
  run_for(2000ms);
  EXPECT_GT(taken(), 0u);
  EXPECT_LT(taken(), 10u);
  EXPECT_EQ(log.count(level::warning, "(a loop)"), 2u);
  EXPECT_EQ(log.count(level::info, "ready "), 0u);
  EXPECT_EQ(log.count(level::info, "answers again"), 0u);
  EXPECT_TRUE(report_of(*serving, "web").failing);
  const auto report = forwarding_there->report().front();
  EXPECT_FALSE(report.ready);
  EXPECT_NE(report.why.find("127.0.0.1:" + std::to_string(port) + " on there is where a forward"),
            std::string::npos)
      << report.why;
}

TEST_F(Loop, through_a_listener_on_every_address_is_one_too) {
  forward_at("*");
  ASSERT_TRUE(run_until([&] { return log.count(level::warning, "(a loop)") == 2; }));
  EXPECT_EQ(log.count(level::info, "ready "), 0u);
}

TEST_F(Loop, refuses_whoever_asks) {
  forward_at("127.0.0.1");
  ASSERT_TRUE(run_until([&] { return report_of(*serving, "web").failing; }));
  EXPECT_EQ(probe(*here, "web"), errc::loop) << "the asker listens nowhere, but its connection would loop";
  tcp::socket near(io);
  near.connect({boost::asio::ip::address_v4::loopback(), port});
  char byte = 0;
  std::optional<error_code> end;
  near.async_receive(boost::asio::buffer(&byte, 1), [&](error_code error, std::size_t) { end = error; });
  ASSERT_TRUE(run_until([&] { return end.has_value(); }));
  EXPECT_EQ(*end, boost::asio::error::connection_reset);
}

TEST_F(Loop, is_over_when_another_program_has_the_port) {
  forward_at("127.0.0.1");
  ASSERT_TRUE(run_until([&] { return report_of(*serving, "web").failing; }));
  forwarding_there.reset();
  const door server_that_was_meant(io, port);
  ASSERT_TRUE(run_until([&] { return !report_of(*serving, "web").failing; })) << "the target is retried";
  EXPECT_EQ(log.count(level::info, "answers again"), 1u);
  EXPECT_FALSE(probe(*here, "web"));
}

TEST_F(Loop, is_none_where_only_the_port_is_the_same) {
  const door server_that_was_meant(io, port);
  forwarding_there = std::make_unique<client>(*here, there->id(), log, client::handlers{});
  ASSERT_FALSE(forwarding_there->add({{{"127.0.0.2", port, {}}, "web"}}));
  forwarding_there->start();
  ASSERT_TRUE(run_until([&] { return log.count(level::info, "ready ") == 1; }));
  EXPECT_EQ(log.count(level::warning, "loop"), 0u);
}

TEST_F(Server, knows_its_own_connections_by_both_ends) {
  const auto serving = serve({{"one", first.target()}});
  allow(*here, "one");
  gof::stream held(*here);
  ASSERT_FALSE(connect(held, "one"));
  ASSERT_TRUE(knocked(first));
  const auto dialled = first.taken.front().remote_endpoint();
  const auto target = first.taken.front().local_endpoint();
  const auto ask = [&](const tcp::endpoint& client, const tcp::endpoint& listening) {
    gof::stream s(*here);
    std::optional<error_code> answer;
    s.async_connect({there->id(), "one", client, {listening}}, [&](error_code error) { answer = error; });
    EXPECT_TRUE(run_until([&] { return answer.has_value(); }));
    return answer.value_or(errc::no_path);
  };
  // Our same port to another target is another connection.
  EXPECT_FALSE(ask(dialled, {target.address(), second.port()}));
  EXPECT_FALSE(ask({dialled.address(), 1}, {target.address(), second.port()}));
  EXPECT_EQ(ask(dialled, target), errc::loop);
  EXPECT_TRUE(held.is_open());
}

}  // namespace
}  // namespace gof::forward
