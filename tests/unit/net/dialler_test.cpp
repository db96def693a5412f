#include "net/dialler.hpp"

#include <gtest/gtest.h>

namespace gof::net {
namespace {

struct answer {
  int times = 0;
  bool connected = false;
  std::string why;

  dialler::handler take() {
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

TEST(Dialler, connects_and_sets_the_socket_up) {
  boost::asio::io_context io;
  tcp_acceptor listening(io, {boost::asio::ip::address_v4::loopback(), 0});
  std::optional<tcp_socket> got;
  const auto one = std::make_shared<dialler>(
      io, wire::address{"127.0.0.1", listening.local_endpoint().port()},
      [&](std::optional<tcp_socket> socket, const std::string&) { got = std::move(socket); });
  one->start();
  EXPECT_FALSE(got) << "not before start() returned";
  io.run();
  ASSERT_TRUE(got);
  tcp::no_delay no_delay;
  got->get_option(no_delay);
  EXPECT_TRUE(no_delay.value());
  EXPECT_TRUE(got->non_blocking());
}

TEST(Dialler, says_which_address_failed_in_the_systems_words) {
  boost::asio::io_context io;
  const auto port = free_port(io);
  answer a;
  std::make_shared<dialler>(io, wire::address{"127.0.0.1", port}, a.take())->start();
  io.run();
  EXPECT_EQ(a.times, 1);
  EXPECT_FALSE(a.connected);
  EXPECT_EQ(a.why, "127.0.0.1:" + std::to_string(port) + ": Connection refused");
}

TEST(Dialler, tries_all_a_name_resolves_to) {
  // localhost is 127.0.0.1 and, where there is IPv6, ::1: whichever comes first, the one that listens is
  // found.
  boost::asio::io_context io;
  const tcp_acceptor listening(io, {boost::asio::ip::address_v4::loopback(), 0});
  answer a;
  std::make_shared<dialler>(io, wire::address{"localhost", listening.local_endpoint().port()}, a.take())
      ->start();
  io.run();
  EXPECT_EQ(a.times, 1);
  EXPECT_TRUE(a.connected) << a.why;
}

TEST(Dialler, names_a_host_that_does_not_resolve) {
  boost::asio::io_context io;
  answer a;
  std::make_shared<dialler>(io, wire::address{"no..such..name", 1}, a.take())->start();
  io.run();
  EXPECT_EQ(a.times, 1);
  EXPECT_FALSE(a.connected);
  EXPECT_TRUE(a.why.starts_with("no..such..name:1: ")) << a.why;
}

TEST(Dialler, cancelled_is_silent_and_ends) {
  boost::asio::io_context io;
  answer a;
  const auto literal = std::make_shared<dialler>(io, wire::address{"127.0.0.1", free_port(io)}, a.take());
  const auto named = std::make_shared<dialler>(io, wire::address{"localhost", 1}, a.take());
  literal->start();
  named->start();
  literal->cancel();
  named->cancel();
  io.run();
  EXPECT_EQ(a.times, 0);
}

}  // namespace gof::net
