#include "control/lists.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>

namespace gof::control {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using testing::ElementsAre;

peer some_peer(std::uint8_t byte) {
  return peer(std::array<std::uint8_t, 32>{byte});
}

known_node node_with(const std::string& name, std::uint8_t byte) {
  known_node one;
  one.peer = some_peer(byte);
  one.node = "00000000000000" + std::string(1, static_cast<char>('a' + byte)) + "0";
  one.name = name;
  one.reachable = true;
  return one;
}

std::vector<std::string> names_in(const json::value& list) {
  std::vector<std::string> names;
  for (const auto& one : list.as_array())
    names.emplace_back(one.is_string() ? one.as_string() : one.at("name").as_string());
  return names;
}

TEST(PeersAnswer, has_the_nearest_first) {
  auto far = node_with("far", 1), near = node_with("near", 2), gone = node_with("gone", 3);
  far.through = {{some_peer(2), near.node, "near"}};
  gone.reachable = false;
  near.round_trip = 2500us;
  peers_answer answer;
  for (const auto& one : {gone, far, near}) answer.add(one);
  const auto line = answer.line();
  EXPECT_THAT(line, testing::HasSubstr(R"("round_trip_ms":2.5})")) << "as people write numbers";
  const auto told = json::parse(line);
  EXPECT_EQ(told.at("version"), 1);
  const auto& peers = told.at("peers");
  EXPECT_THAT(names_in(peers), ElementsAre("near", "far", "gone"));
  EXPECT_EQ(peers.at(1).at("path"), "relay near");
  EXPECT_TRUE(peers.at(2).at("path").is_null());
  EXPECT_EQ(peers.at(0).at("round_trip_ms"), 2.5);
  EXPECT_TRUE(peers.at(1).at("round_trip_ms").is_null());
}

TEST(PeersAnswer, of_nobody_is_an_empty_list) {
  EXPECT_EQ(peers_answer().line(), R"({"version":1,"peers":[]})");
}

TEST(NamesAnswer, has_each_name_once_and_the_ids_of_those_without) {
  auto one = node_with("home", 1), again = node_with("home", 1), nameless = node_with("", 2);
  one.services = {"ssh", "web"};
  again.services = {"ssh"};
  node_snapshot::session session;
  session.peer = some_peer(2);
  names_answer answer;
  for (const auto& node : {one, again, nameless}) answer.add(node);
  answer.add(session);
  const auto told = json::parse(answer.line());
  EXPECT_THAT(names_in(told.at("peers")), ElementsAre(some_peer(2).text().substr(0, 8), "home"));
  EXPECT_THAT(names_in(told.at("services")), ElementsAre("ssh", "web"));
}

TEST(StatusAnswer, makes_so_many_entries_at_a_time_and_misses_none) {
  node_status s;
  s.command = "serve";
  for (int i = 0; i < 5; ++i) {
    node_snapshot::session session;
    session.name = std::to_string(i);
    s.now.sessions.push_back(session);
    node_snapshot::link link;
    link.address = std::to_string(i);
    s.now.links.push_back(link);
  }
  status_answer answer(s, forward::time_point{1s});
  EXPECT_THAT(names_in(json::parse(answer.line()).at("peers")), ElementsAre());
  EXPECT_TRUE(answer.make(3));
  EXPECT_THAT(names_in(json::parse(answer.line()).at("peers")), ElementsAre("0", "1", "2"));
  EXPECT_TRUE(answer.make(3));
  EXPECT_TRUE(answer.make(3));
  EXPECT_FALSE(answer.make(3));
  const auto told = json::parse(answer.line());
  EXPECT_THAT(names_in(told.at("peers")), ElementsAre("0", "1", "2", "3", "4"));
  EXPECT_EQ(told.at("links").as_array().size(), 5u);
  EXPECT_EQ(told.at("node").at("command"), "serve");
}

}  // namespace
}  // namespace gof::control
