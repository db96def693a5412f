#include "control/socket_paths.hpp"

#include "control/ask.hpp"
#include "control/line.hpp"
#include "control/server.hpp"
#include "log/json_text.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <gmock/gmock.h>

#include <fstream>
#include <thread>
#include <unistd.h>

namespace gof::control {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A folder for the test alone, removed after it.
struct SocketPaths : ::testing::Test {
  fs::path at = fs::temp_directory_path() / ("gof-control-" + std::to_string(::getpid()));
  boost::asio::io_context io;

  ~SocketPaths() override { fs::remove_all(at); }

  std::unique_ptr<server> open(const std::string& name) {
    auto opened =
        server::open(io.get_executor(), at / name, [](const std::string& what, const auto&, auto to) {
          to(log::json_text({{"version", 1}, {"asked", what}}));
        });
    EXPECT_TRUE(opened);
    return opened ? std::move(*opened) : nullptr;
  }
};

TEST_F(SocketPaths, folder_follows_the_variables) {
  EXPECT_EQ(folder("/run/user/1", "/home/me"), "/run/user/1/gof");
  EXPECT_EQ(folder("", "/home/me"), "/home/me/.local/state/gof/run");
  EXPECT_EQ(folder("", ""), "/run/gof");
  EXPECT_EQ(own_socket("/x"), "/x/" + std::to_string(::getpid()) + ".sock");
}

TEST_F(SocketPaths, live_sockets_are_those_that_somebody_listens_on) {
  EXPECT_THAT(live_sockets(at), IsEmpty());
  const auto second = open("2.sock"), first = open("1.sock");
  std::ofstream(at / "notes.txt") << "kept";
  { boost::asio::local::stream_protocol::acceptor dead(io, {(at / "3.sock").string()}); }
  ASSERT_TRUE(fs::exists(at / "3.sock"));
  EXPECT_THAT(live_sockets(at), ElementsAre(at / "1.sock", at / "2.sock"));
  EXPECT_FALSE(fs::exists(at / "3.sock")) << "nothing listens there any more";
  EXPECT_TRUE(fs::exists(at / "notes.txt"));
}

TEST_F(SocketPaths, socket_is_for_the_user_alone_and_goes_with_its_server) {
  auto one = open("1.sock");
  EXPECT_EQ(fs::status(at).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(at / "1.sock").permissions(), fs::perms::owner_read | fs::perms::owner_write);
  one.reset();
  EXPECT_FALSE(fs::exists(at / "1.sock"));
}

TEST_F(SocketPaths, socket_in_use_is_not_taken_and_a_file_is_not_replaced) {
  const auto one = open("1.sock");
  const auto ignore = [](const std::string&, const auto&, const auto&) {};
  const auto again = server::open(io.get_executor(), at / "1.sock", ignore);
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().what, HasSubstr("another process listens there"));
  std::ofstream(at / "file.sock") << "kept";
  EXPECT_FALSE(server::open(io.get_executor(), at / "file.sock", ignore));
  EXPECT_EQ(fs::file_size(at / "file.sock"), 4u);
  EXPECT_FALSE(server::open(io.get_executor(), at / std::string(200, 'x'), ignore)) << "the path is too long";
}

TEST_F(SocketPaths, question_gets_its_answer) {
  const auto one = open("1.sock");
  std::thread node([this] { io.run_for(5s); });
  const auto answer = ask(at / "1.sock", {{"request", "status"}}, 5s);
  io.stop();
  node.join();
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->at("asked"), "status");
}

TEST_F(SocketPaths, node_that_does_not_answer_is_told) {
  const auto one = open("1.sock");  // nothing runs its loop
  const auto answer = ask(at / "1.sock", {{"request", "status"}}, 10ms);
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().what, HasSubstr("does not answer"));
  const auto none = ask(at / "2.sock", {{"request", "status"}}, 10ms);
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().what, HasSubstr("no node listens there"));
}

}  // namespace
}  // namespace gof::control
