#include "net/link_dial.hpp"

#include <gtest/gtest.h>

namespace gof::net {
namespace {

using namespace std::chrono_literals;

struct answer {
  int times = 0;
  bool connected = false;
  std::string why;

  link_dial_handler take() {
    return [this](std::optional<tcp_socket> socket, const std::string& words) {
      ++times;
      connected = socket.has_value();
      why = words;
    };
  }
};

std::uint16_t free_port(boost::asio::io_context& io) {
  const tcp_acceptor probe(io, {boost::asio::ip::address_v4::loopback(), 0});
  return probe.local_endpoint().port();
}

}  // namespace

TEST(LinkDial, connects_and_sets_the_socket_up) {
  boost::asio::io_context io;
  tcp_acceptor listening(io, {boost::asio::ip::address_v4::loopback(), 0});
  std::optional<tcp_socket> got;
  dial_link(io, {"127.0.0.1", listening.local_endpoint().port()}, 10s,
            [&](std::optional<tcp_socket> socket, const std::string&) { got = std::move(socket); });
  EXPECT_FALSE(got) << "only after dial_link() has returned";
  io.run();
  ASSERT_TRUE(got);
  tcp::no_delay no_delay;
  got->get_option(no_delay);
  EXPECT_TRUE(no_delay.value());
  EXPECT_TRUE(got->non_blocking());
}

TEST(LinkDial, says_which_address_failed_in_the_systems_words) {
  boost::asio::io_context io;
  const auto port = free_port(io);
  answer a;
  dial_link(io, {"127.0.0.1", port}, 10s, a.take());
  io.run();
  EXPECT_EQ(a.times, 1);
  EXPECT_FALSE(a.connected);
  EXPECT_EQ(a.why, "127.0.0.1:" + std::to_string(port) + ": Connection refused");
}

TEST(LinkDial, tries_all_a_name_resolves_to) {
  // localhost is ::1 and 127.0.0.1; only the second listens.
  boost::asio::io_context io;
  const tcp_acceptor listening(io, {boost::asio::ip::address_v4::loopback(), 0});
  answer a;
  dial_link(io, {"localhost", listening.local_endpoint().port()}, 10s, a.take());
  io.run();
  EXPECT_EQ(a.times, 1);
  EXPECT_TRUE(a.connected) << a.why;
}

TEST(LinkDial, names_a_host_that_does_not_resolve) {
  boost::asio::io_context io;
  answer a;
  dial_link(io, {"no..such..name", 1}, 10s, a.take());
  io.run();
  EXPECT_EQ(a.times, 1);
  EXPECT_FALSE(a.connected);
  EXPECT_TRUE(a.why.starts_with("no..such..name:1: ")) << a.why;
}

TEST(LinkDial, cancelled_is_silent_and_ends) {
  boost::asio::io_context io;
  answer a;
  const auto literal = dial_link(io, {"127.0.0.1", free_port(io)}, 10s, a.take());
  const auto named = dial_link(io, {"localhost", 1}, 10s, a.take());
  literal->cancel();
  named->cancel();
  io.run();
  EXPECT_EQ(a.times, 0);
}

}  // namespace gof::net
