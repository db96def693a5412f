#include "forward/socket_watch.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <netinet/tcp.h>
#include <optional>
#include <sys/socket.h>

namespace gof::forward {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::seconds patience{10};

/// Connections over loopback with both ends; `ours` is watched.
struct Watch : ::testing::Test {
  struct ends {
    explicit ends(boost::asio::io_context& io) : ours(io), theirs(io) {}
    local_socket ours;
    tcp::socket theirs;
    std::optional<error_code> told;
    socket_watch::registration held;
  };

  ends& connect() {
    auto& made = all.emplace_back(io);
    tcp::acceptor door(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    made.theirs.connect(door.local_endpoint());
    made.ours = local_socket(door.accept());
    made.ours.non_blocking(true);
    made.ours.set_option(boost::asio::socket_base::out_of_band_inline(true));
    made.held = watch->add(made.ours, [&](error_code error) { made.told = error; });
    return made;
  }

  static void reset(tcp::socket& socket) {
    socket.set_option(boost::asio::socket_base::linger(true, 0));
    socket.close();
  }

  static bool send_urgent(tcp::socket& to, char byte) {
    return ::send(to.native_handle(), &byte, 1, MSG_OOB) == 1;
  }

  bool run_until(const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!done())
      if (io.run_one_until(end) == 0) return done();
    return true;
  }

  boost::asio::io_context io;
  std::shared_ptr<socket_watch> watch =
      std::make_shared<socket_watch>(io.get_executor(), keep_alive{.time = 2s, .interval = 1s, .count = 3});
  std::deque<ends> all;
};

TEST_F(Watch, tells_of_a_reset_while_nothing_is_read) {
  auto& one = connect();
  auto& other = connect();
  boost::asio::write(one.theirs, boost::asio::buffer("unread", 6));
  reset(one.theirs);
  ASSERT_TRUE(run_until([&] { return one.told.has_value(); }));
  EXPECT_EQ(*one.told, boost::asio::error::connection_reset);
  // What arrived before can still be read.
  EXPECT_EQ(unread(one.ours), 6u);
  EXPECT_FALSE(other.told);
}

TEST_F(Watch, tells_of_a_reset_behind_an_end) {
  auto& one = connect();
  one.theirs.shutdown(tcp::socket::shutdown_send);
  io.run_for(20ms);
  EXPECT_FALSE(one.told);
  reset(one.theirs);
  ASSERT_TRUE(run_until([&] { return one.told.has_value(); }));
  EXPECT_TRUE(*one.told);
}

TEST_F(Watch, does_not_take_urgent_data_or_ends_for_errors_nor_turn_for_them) {
  auto& one = connect();
  ASSERT_TRUE(send_urgent(one.theirs, '!'));
  one.theirs.shutdown(tcp::socket::shutdown_send);
  one.ours.shutdown(local_socket::shutdown_send);
  io.run_for(100ms);
  std::size_t turns = 0;
  const auto end = std::chrono::steady_clock::now() + 300ms;
  while (io.run_one_until(end) > 0) ++turns;
  EXPECT_LE(turns, 2u);
  EXPECT_FALSE(one.told);
}

TEST_F(Watch, tells_of_a_reset_behind_urgent_data) {
  auto& one = connect();
  ASSERT_TRUE(send_urgent(one.theirs, '!'));
  io.run_for(50ms);
  reset(one.theirs);
  ASSERT_TRUE(run_until([&] { return one.told.has_value(); }));
  EXPECT_EQ(*one.told, boost::asio::error::connection_reset);
}

TEST_F(Watch, tells_of_a_unix_socket_that_was_closed_with_bytes_unread) {
  boost::asio::local::stream_protocol::socket theirs(io), mine(io);
  boost::asio::local::connect_pair(theirs, mine);
  local_socket ours(std::move(mine));
  std::optional<error_code> told;
  const auto held = watch->add(ours, [&](error_code error) { told = error; });
  boost::asio::write(ours, boost::asio::buffer("unread", 6));
  theirs.close();
  ASSERT_TRUE(run_until([&] { return told.has_value(); }));
  EXPECT_EQ(*told, boost::asio::error::connection_reset);
}

TEST_F(Watch, forgets_what_is_given_up_also_when_its_number_is_used_again) {
  auto& one = connect();
  const int number = one.ours.native_handle();
  reset(one.theirs);  // its event is pending
  one.held = {};
  one.ours.close();
  auto& next = connect();
  // Either socket may have got the number; that one did makes the test meaningful.
  EXPECT_TRUE(next.ours.native_handle() == number || next.theirs.native_handle() == number);
  io.run_for(100ms);
  EXPECT_FALSE(one.told);
  EXPECT_FALSE(next.told);
  reset(next.theirs);
  ASSERT_TRUE(run_until([&] { return next.told.has_value(); }));
}

TEST_F(Watch, leaves_a_loop_without_connections_without_work) {
  for (int round = 0; round < 3; ++round) {
    auto& one = connect();
    boost::asio::write(one.ours, boost::asio::buffer("out", 3));
    one.held.wrote();
    io.poll();
    EXPECT_FALSE(io.stopped());
    one.held = {};
    io.poll();
    EXPECT_TRUE(io.stopped());
    io.restart();
  }
  auto& last = connect();
  reset(last.theirs);
  ASSERT_TRUE(run_until([&] { return last.told.has_value(); }));
}

TEST_F(Watch, may_go_before_what_it_watches) {
  auto& one = connect();
  reset(one.theirs);
  watch.reset();
  one.held.wrote();
  io.run_for(20ms);
  EXPECT_FALSE(one.told);
}

TEST_F(Watch, hears_of_many_resets_at_once) {
  for (int i = 0; i < 200; ++i) connect();
  for (auto& one : all) reset(one.theirs);
  EXPECT_TRUE(run_until([&] {
    return std::all_of(all.begin(), all.end(), [](const auto& one) { return one.told.has_value(); });
  }));
}

TEST_F(Watch, lets_a_reader_pause_for_longer_than_the_limit) {
  auto& one = connect();
  const std::string block(64 * 1024, 'x');
  for (error_code full; !full;) one.ours.write_some(boost::asio::buffer(block), full);
  one.held.wrote();
  io.run_for(7s);
  EXPECT_FALSE(one.told);
}

TEST(KeepAlive, sets_what_the_system_asks_by) {
  boost::asio::io_context io;
  local_socket socket(io, boost::asio::generic::stream_protocol(tcp::v4()));
  const auto value = [&](int level, int option) {
    int number = 0;
    socklen_t size = sizeof number;
    EXPECT_EQ(::getsockopt(socket.native_handle(), level, option, &number, &size), 0);
    return number;
  };
  keep_alive{.time = 0s}.apply(socket);
  EXPECT_EQ(value(SOL_SOCKET, SO_KEEPALIVE), 0);
  keep_alive{.time = 7s, .interval = 3s, .count = 4}.apply(socket);
  EXPECT_EQ(value(SOL_SOCKET, SO_KEEPALIVE), 1);
  EXPECT_EQ(value(IPPROTO_TCP, TCP_KEEPIDLE), 7);
  EXPECT_EQ(value(IPPROTO_TCP, TCP_KEEPINTVL), 3);
  EXPECT_EQ(value(IPPROTO_TCP, TCP_KEEPCNT), 4);
  keep_alive{.time = keep_alive::longest, .interval = keep_alive::longest, .count = keep_alive::most}.apply(
      socket);
  EXPECT_EQ(value(IPPROTO_TCP, TCP_KEEPINTVL), keep_alive::longest.count());
  EXPECT_EQ(value(IPPROTO_TCP, TCP_KEEPCNT), static_cast<int>(keep_alive::most));
}

}  // namespace
}  // namespace gof::forward
