#include "control/status.hpp"

#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>

namespace gof::control {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const forward::time_point now{1000s};

peer some_peer(std::uint8_t byte) {
  return peer(std::array<std::uint8_t, 32>{byte});
}

node_snapshot::session session_with(const std::string& name, std::uint8_t byte) {
  node_snapshot::session s;
  s.peer = some_peer(byte);
  s.node = "00000000000000aa";
  s.name = name;
  s.up = s.has_path = true;
  s.round_trip = 12'345'678ns;
  return s;
}

node_status forwarding() {
  node_status s;
  s.command = "forward";
  s.started = now - 90s;
  forward::forward_report one;
  one.peer = some_peer(7);
  one.peer_name = "home";
  one.local = "127.0.0.1:2222";
  one.service = "ssh";
  one.ready = true;
  one.since = now - 30s;
  one.connections = {1, 2, 3, 4};
  s.forwards = {one};
  return s;
}

TEST(Problems, are_none_while_all_works) {
  EXPECT_THAT(problems(forwarding(), now), IsEmpty());
  node_status serve;
  serve.services = {{"ssh", "localhost:22", false, now, "", {}}};
  EXPECT_THAT(problems(serve, now), IsEmpty());
}

TEST(Problems, tell_what_and_since_when) {
  auto s = forwarding();
  s.forwards[0].ready = false;
  s.forwards[0].why = "home does not answer";
  EXPECT_THAT(problems(s, now), ElementsAre("127.0.0.1:2222 -> home/ssh: home does not answer (for 30 s)"));
  node_status serve;
  serve.services = {{"ssh", "localhost:22", true, now - 5min, "ssh: localhost:22 on home refused", {}}};
  EXPECT_THAT(problems(serve, now), ElementsAre("ssh: localhost:22 on home refused (for 5 min)"));
}

TEST(Problems, tell_of_a_mesh_that_does_not_answer_only_who_joins_one) {
  node_status s;
  s.alone_since = now - 2h;
  EXPECT_THAT(problems(s, now), IsEmpty());
  s.joins = true;
  EXPECT_THAT(problems(s, now), ElementsAre("no member of the mesh answers (for 2 h)"));
  s.alone_why = "not allowed: 192.0.2.1:9999: refused";
  EXPECT_THAT(problems(s, now),
              ElementsAre("no member of the mesh answers: not allowed: 192.0.2.1:9999: refused (for 2 h)"));
  s.alone_since.reset();
  EXPECT_THAT(problems(s, now), IsEmpty());
}

TEST(Problems, take_the_power_from_words_of_others) {
  auto s = forwarding();
  s.forwards[0].peer_name = "h\x1b[2J";
  s.forwards[0].ready = false;
  s.forwards[0].why = "a\nb";
  EXPECT_THAT(problems(s, now), ElementsAre("127.0.0.1:2222 -> h?[2J/ssh: a?b (for 30 s)"));
}

TEST(Status, of_a_node_that_drains_is_not_healthy) {
  auto s = forwarding();
  EXPECT_TRUE(status_object(s, now).at("node").at("draining").is_null());
  s.draining = {1, 28s};
  const auto told = status_object(s, now);
  EXPECT_EQ(told.at("healthy"), false);
  EXPECT_EQ(json::serialize(told.at("problems")), R"(["draining: 1 connection, 28 s left"])");
  EXPECT_EQ(json::serialize(told.at("node").at("draining")), R"({"connections":1,"left_s":2.8E1})");
  EXPECT_THAT(problems(s, now), IsEmpty()) << "the watchdog is fed while it drains";
}

TEST(Status, is_an_object_of_version_1) {
  auto s = forwarding();
  const auto told = status_object(s, now);
  EXPECT_EQ(told.at("version"), 1);
  EXPECT_EQ(told.at("healthy"), true);
  EXPECT_THAT(told.at("problems").as_array(), IsEmpty());
  EXPECT_EQ(told.at("node").at("uptime_s"), 90.0);
  EXPECT_TRUE(told.at("node").at("mesh").is_null()) << "unknown";
  const auto& one = told.at("forwards").at(0);
  EXPECT_EQ(one.at("peer"), json::string(some_peer(7).text()));
  EXPECT_TRUE(one.at("why").is_null());
  EXPECT_EQ(json::serialize(one.at("connections")),
            R"({"open":1,"total":2,"bytes_sent":3,"bytes_received":4})");
  const auto with = session_object(session_with("home", 7));
  EXPECT_EQ(with.at("path"), "direct");
  EXPECT_EQ(with.at("answers"), true);
  EXPECT_EQ(with.at("round_trip_ms"), 12.345) << "rounded to microseconds";
}

TEST(Status, is_not_healthy_with_a_problem) {
  auto s = forwarding();
  s.forwards[0].ready = false;
  s.forwards[0].why = "gone";
  const auto told = status_object(s, now);
  EXPECT_EQ(told.at("healthy"), false);
  EXPECT_EQ(told.at("problems").as_array().size(), 1u);
  EXPECT_EQ(told.at("forwards").at(0).at("why"), "gone");
}

TEST(Status, says_of_a_peer_that_it_answers_only_while_probes_come_back) {
  auto home = session_with("home", 7);
  home.has_path = false;
  EXPECT_EQ(session_object(home).at("answers"), false);
  home.has_path = true;
  home.up = false;
  EXPECT_EQ(session_object(home).at("answers"), false);
}

TEST(Status, takes_the_power_from_names_of_others) {
  auto s = forwarding();
  s.forwards[0].peer_name = "\x1b]0;x\x07";
  auto session = session_with("\x1b[2J", 7);
  session.through = {{some_peer(8), "00000000000000bb", "\xc2\x9b"}};
  for (const auto& one : {status_object(s, now), session_object(session)})
    EXPECT_THAT(json::serialize(one), testing::AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\\u001b")),
                                                     Not(HasSubstr("\xc2\x9b"))));
}

TEST(Trace, has_a_hop_for_each_relay_and_one_for_the_peer) {
  node_snapshot all;
  all.sessions = {session_with("other", 6), session_with("home", 7)};
  relay first{some_peer(8), "00000000000000bb", "hub", 3ms};
  all.sessions[1].through = {first, relay{}};
  all.sessions[1].last_link = 4ms;
  const auto told = trace_object(all, some_peer(7));
  EXPECT_EQ(told.at("round_trip_ms"), 12.345);
  const auto& hops = told.at("hops").as_array();
  ASSERT_EQ(hops.size(), 3u);
  EXPECT_EQ(hops[0].at("name"), "hub");
  EXPECT_EQ(hops[0].at("round_trip_ms"), 3.0);
  EXPECT_TRUE(hops[1].at("peer").is_null()) << "an unknown relay";
  EXPECT_TRUE(hops[1].at("round_trip_ms").is_null());
  EXPECT_EQ(hops[2].at("name"), "home");
  EXPECT_EQ(hops[2].at("round_trip_ms"), 4.0) << "the last link's";
}

TEST(Trace, of_a_direct_peer_is_the_round_trip_alone) {
  node_snapshot all;
  all.sessions = {session_with("home", 7)};
  const auto hops = trace_object(all, some_peer(7)).at("hops").as_array();
  ASSERT_EQ(hops.size(), 1u);
  EXPECT_EQ(hops[0].at("round_trip_ms"), 12.345);
}

TEST(Trace, is_empty_without_a_session) {
  node_snapshot all;
  all.sessions = {session_with("home", 7)};
  EXPECT_TRUE(trace_object(all, some_peer(9)).empty());
  all.sessions[0].up = false;
  EXPECT_TRUE(trace_object(all, some_peer(7)).empty());
}

}  // namespace
}  // namespace gof::control
