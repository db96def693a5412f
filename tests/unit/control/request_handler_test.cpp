#include "control/request_handler.hpp"

#include "log/text.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <gmock/gmock.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <vector>

namespace gof::control {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using boost::system::error_code;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> words_of(const json::value& list) {
  std::vector<std::string> all;
  for (const auto& one : list.as_array()) all.emplace_back(one.as_string());
  return all;
}

/// A node that is asked, in a mesh with `home`, which offers ssh and web.
class RequestHandler : public testing::Test {
 protected:
  /// No test waits for it unless something is wrong.
  static constexpr std::chrono::seconds patience{20};

  RequestHandler() : home(make("home")), here(make("here")) {
    error_code error;
    at = home->listen({boost::asio::ip::address_v4::loopback(), 0}, error);
    if (!error) home->publish({{"ssh", "web"}, {}}, error);
    EXPECT_FALSE(error) << error.message();
    join(*here);
    asked = handler_with(patience);
    EXPECT_TRUE(run_until([&] { return knows(*home); }));
  }
  ~RequestHandler() override {
    asked.reset();
    others.clear();
    here.reset();
    home.reset();
    io.run_for(patience);  // what is left says goodbye
  }

  std::unique_ptr<gof::node> make(const std::string& name) {
    node_options options;
    options.network_key = std::array<std::uint8_t, 32>{7};
    options.name = name;
    return std::make_unique<gof::node>(io, options);
  }
  void join(gof::node& member) {
    error_code error;
    member.publish({}, error);  // its name
    if (!error) member.join({"127.0.0.1:" + std::to_string(at.port())}, error);
    EXPECT_FALSE(error) << error.message();
  }
  /// One more member, once `here` knows it.
  gof::node& add(const std::string& name) {
    auto& made = *others.emplace_back(make(name));
    join(made);
    EXPECT_TRUE(run_until([&] { return knows(made); }));
    return made;
  }
  bool knows(const gof::node& other) const {
    for (const auto& one : here->known())
      if (one.node == other.node_id()) return one.reachable && !one.name.empty();
    return false;
  }
  std::unique_ptr<request_handler> handler_with(std::chrono::milliseconds limit) {
    node_status about;
    about.command = "forward";
    about.version = "1.2.3";
    return std::make_unique<request_handler>(*here, about, limit,
                                             [](node_status& s) { s.listening = {"127.0.0.1:7000"}; });
  }
  bool run_until(const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + patience;
    if (io.stopped()) io.restart();
    while (!done())
      if (io.run_one_until(end) == 0) return done();
    return true;
  }
  json::object ask(const std::string& what, const json::object& request = {}) {
    const auto told = std::make_shared<std::vector<json::object>>();
    asked->answer(what, request,
                  [told](const std::string& line) { told->push_back(json::parse(line).as_object()); });
    EXPECT_TRUE(run_until([&] { return !told->empty(); }));
    EXPECT_EQ(told->size(), 1u);
    return told->empty() ? json::object() : told->front();
  }
  std::string error_of(const std::string& what, const json::object& request = {}) {
    const auto told = ask(what, request);
    EXPECT_EQ(told.at("version"), 1);
    const auto* words = told.if_contains("error");
    return words ? std::string(words->as_string()) : "no error";
  }
  static json::object about(const std::string& peer) { return {{"peer", peer}}; }

  boost::asio::io_context io{1};
  std::unique_ptr<gof::node> home;
  std::unique_ptr<gof::node> here;
  std::vector<std::unique_ptr<gof::node>> others;
  boost::asio::ip::tcp::endpoint at;
  std::unique_ptr<request_handler> asked;
};

TEST_F(RequestHandler, does_not_know_every_request) {
  EXPECT_EQ(error_of(""), "this node does not know the request \"\"");
  EXPECT_EQ(error_of("stop"), "this node does not know the request \"stop\"");
  EXPECT_EQ(error_of("Status"), "this node does not know the request \"Status\"");
  EXPECT_EQ(error_of("a\x1b[2J"), "this node does not know the request \"a?[2J\"") << "it is shown to people";
}

TEST_F(RequestHandler, tells_the_status_as_the_command_describes_it) {
  const auto told = ask("status");
  EXPECT_EQ(told.at("version"), 1);
  EXPECT_EQ(told.at("healthy"), true);
  EXPECT_EQ(told.at("node").at("command"), "forward");
  EXPECT_EQ(told.at("node").at("program"), "1.2.3");
  EXPECT_THAT(words_of(told.at("node").at("listening")), ElementsAre("127.0.0.1:7000"));
  ASSERT_EQ(told.at("links").as_array().size(), 1u);
  EXPECT_EQ(told.at("links").at(0).at("peer"), json::string(home->id().text()));
  EXPECT_EQ(ask("status", about("nobody")).at("healthy"), true) << "what it does not need is not looked at";
}

TEST_F(RequestHandler, lists_the_peers_of_the_mesh) {
  const auto told = ask("peers");
  ASSERT_EQ(told.at("peers").as_array().size(), 1u) << "without itself";
  const auto& one = told.at("peers").at(0);
  EXPECT_EQ(one.at("name"), "home");
  EXPECT_EQ(one.at("path"), "direct");
  EXPECT_THAT(words_of(one.at("services")), ElementsAre("ssh", "web"));
}

TEST_F(RequestHandler, offers_names_and_services_to_shells) {
  auto told = ask("names");
  EXPECT_THAT(words_of(told.at("peers")), ElementsAre("home"));
  EXPECT_THAT(words_of(told.at("services")), ElementsAre("ssh", "web"));
  add("home");
  told = ask("names");
  EXPECT_THAT(words_of(told.at("peers")), ElementsAre("home")) << "each word once";
}

TEST_F(RequestHandler, wants_to_know_which_peer) {
  for (const std::string what : {"ping", "trace"}) {
    EXPECT_EQ(error_of(what), "the request names no peer");
    EXPECT_EQ(error_of(what, {{"peer", nullptr}}), "the request names no peer");
    EXPECT_EQ(error_of(what, {{"peer", 7}}), "the request names no peer");
    EXPECT_EQ(error_of(what, about("")), "nobody in the mesh is called ''; gof peers lists them");
    EXPECT_EQ(error_of(what, about("hom")), "nobody in the mesh is called 'hom'; gof peers lists them");
    EXPECT_EQ(error_of(what, about("h\n")), "nobody in the mesh is called 'h?'; gof peers lists them");
  }
}

TEST_F(RequestHandler, finds_a_peer_by_name_by_id_and_by_the_beginning_of_it) {
  const auto id = home->id().text();
  for (const auto& word : {std::string("home"), id, id.substr(0, log::short_id)}) {
    const auto told = ask("ping", about(word));
    EXPECT_EQ(told.at("peer"), json::string(id)) << word;
    EXPECT_EQ(told.at("answers"), true) << word;
  }
  EXPECT_THAT(error_of("ping", about(id.substr(0, log::short_id - 1))), HasSubstr("nobody in the mesh"))
      << "too short to be sure";
}

TEST_F(RequestHandler, takes_no_name_that_two_peers_have) {
  add("home");
  EXPECT_EQ(error_of("ping", about("home")),
            "2 peers are called 'home'; write the id of one, as gof peers lists them");
  EXPECT_EQ(ask("ping", about(home->id().text())).at("answers"), true);
}

TEST_F(RequestHandler, lets_no_name_hide_a_peer_whose_id_begins_with_it) {
  const auto begins = home->id().text().substr(0, log::short_id);
  add(begins);
  EXPECT_THAT(error_of("ping", about(begins)), HasSubstr("2 peers are called"));
}

TEST_F(RequestHandler, tells_of_a_peer_that_answers) {
  const auto told = ask("ping", about("home"));
  EXPECT_EQ(told.at("version"), 1);
  EXPECT_EQ(told.at("name"), "home");
  EXPECT_EQ(told.at("node"), json::string(home->node_id()));
  EXPECT_EQ(told.at("path"), "direct");
  EXPECT_GT(told.at("round_trip_ms").to_number<double>(), 0);
  EXPECT_TRUE(told.at("why").is_null());
  EXPECT_FALSE(told.contains("hops"));
}

TEST_F(RequestHandler, tells_of_a_peer_that_does_not) {
  const auto nobody = gof::peer(std::array<std::uint8_t, 32>{9}).text();
  auto request = about(nobody);
  request["timeout_ms"] = 1;
  const auto told = ask("ping", request);
  EXPECT_EQ(told.at("peer"), json::string(nobody));
  EXPECT_EQ(told.at("answers"), false);
  EXPECT_TRUE(told.at("node").is_null());
  EXPECT_TRUE(told.at("path").is_null());
  EXPECT_TRUE(told.at("round_trip_ms").is_null());
  EXPECT_EQ(told.at("why"), "there is no path to it now");
  EXPECT_THAT(ask("trace", request).at("hops").as_array(), IsEmpty());
}

TEST_F(RequestHandler, waits_as_long_as_it_was_told_unless_that_is_no_time) {
  asked = handler_with(1ms);
  auto request = about(gof::peer(std::array<std::uint8_t, 32>{9}).text());
  for (const json::value& wrong : {json::value("soon"), json::value(nullptr), json::value(2.5)}) {
    request["timeout_ms"] = wrong;
    EXPECT_EQ(ask("ping", request).at("answers"), false) << "after the node's own limit";
  }
  asked = handler_with(patience * 2);
  for (const std::int64_t small : {0, -1, 1}) {
    request["timeout_ms"] = small;
    EXPECT_EQ(ask("ping", request).at("answers"), false) << "after a millisecond";
  }
}

TEST_F(RequestHandler, traces_a_direct_peer_in_one_hop_of_its_round_trip) {
  const auto told = ask("trace", about("home"));
  EXPECT_EQ(told.at("answers"), true);
  ASSERT_EQ(told.at("hops").as_array().size(), 1u);
  EXPECT_EQ(told.at("hops").at(0).at("name"), "home");
  EXPECT_EQ(told.at("hops").at(0).at("round_trip_ms"), told.at("round_trip_ms"));
}

TEST_F(RequestHandler, answers_nobody_once_it_is_gone) {
  bool told = false, pinged = false;
  asked->answer("ping", about("home"), [&](const std::string&) { told = true; });
  asked.reset();
  here->async_ping(home->id(),
                   [&](error_code, std::chrono::nanoseconds, const std::string&) { pinged = true; });
  ASSERT_TRUE(run_until([&] { return pinged; }));
  EXPECT_FALSE(told);
}

TEST_F(RequestHandler, says_where_it_cannot_be_asked) {
  std::string name = (std::filesystem::temp_directory_path() / "gof-requests-XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  const std::filesystem::path folder = name;
  std::ofstream(folder / "file") << "no folder";
  const auto opened = asked->open(folder / "file" / "socket");
  EXPECT_TRUE(asked->open(folder / "socket"));
  EXPECT_TRUE(std::filesystem::is_socket(folder / "socket"));
  asked.reset();
  EXPECT_FALSE(std::filesystem::exists(folder / "socket"));
  std::filesystem::remove_all(folder);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().what, HasSubstr((folder / "file").string()));
}

}  // namespace
}  // namespace gof::control
