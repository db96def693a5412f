#include "dial/socket_share.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <vector>

namespace gof::dial {
namespace {

class SocketShare : public ::testing::Test {
 protected:
  bool take(const std::string& whose) {
    auto one = share->take(whose);
    if (!one) return false;
    held[whose].push_back(std::move(*one));
    return true;
  }
  std::size_t take_all(const std::string& whose) {
    while (take(whose)) continue;
    return held[whose].size();
  }
  /// When it is its turn, `whose` is recorded and takes a socket.
  socket_share::number wait(const std::string& whose) {
    return share->wait(io.get_executor(), whose, [this, whose] {
      told.push_back(whose);
      return take(whose);
    });
  }

  boost::asio::io_context io;
  std::size_t most = 8;
  std::shared_ptr<socket_share> share = std::make_shared<socket_share>([this] { return most; });
  std::map<std::string, std::vector<socket_share::place>> held;
  std::vector<std::string> told;
};

}  // namespace

TEST_F(SocketShare, gives_one_destination_as_much_as_it_leaves_to_others) {
  EXPECT_EQ(take_all("a"), 4u);
  EXPECT_EQ(take_all("b"), 2u);
  EXPECT_EQ(take_all("c"), 1u);
  EXPECT_EQ(share->open(), 7u);
}

TEST_F(SocketShare, gives_back) {
  take_all("a");
  held.clear();
  EXPECT_EQ(share->open(), 0u);
  EXPECT_EQ(take_all("b"), 4u);
}

TEST_F(SocketShare, follows_a_limit_that_changes) {
  take_all("a");
  most = 16;
  EXPECT_EQ(take_all("a"), 8u);
  most = 8;
  EXPECT_FALSE(take("b"));
}

TEST_F(SocketShare, tells_first_who_has_least_and_there_who_waits_longest) {
  take_all("a");
  most = 5;
  wait("a");
  wait("b");
  wait("b");
  most = 4;
  held["a"].pop_back();
  io.run();
  EXPECT_EQ(told, std::vector<std::string>{"b"});
  most = 16;
  held["a"].pop_back();
  io.restart();
  io.run();
  EXPECT_EQ(told, (std::vector<std::string>{"b", "b", "a"}));
}

TEST_F(SocketShare, tells_the_next_when_one_has_no_use_for_it) {
  take_all("a");
  share->wait(io.get_executor(), "b", [this] {
    told.push_back("none");
    return false;
  });
  wait("b");
  held["a"].pop_back();
  io.run();
  EXPECT_EQ(told, (std::vector<std::string>{"none", "b"}));
}

TEST_F(SocketShare, tells_nobody_who_left) {
  take_all("a");
  const auto which = wait("b");
  share->leave("b", which);
  held.clear();
  io.run();
  EXPECT_TRUE(told.empty());
}

}  // namespace gof::dial
