#include "net/socket.hpp"

#include <boost/asio/ip/address.hpp>
#include <gtest/gtest.h>

namespace gof::net {
namespace {

std::string source(const char* text) {
  return source_of(boost::asio::ip::make_address(text));
}

TEST(Socket, caps_count_a_machine_once_by_its_ipv4_address_or_its_ipv6_64) {
  EXPECT_NE(source("192.0.2.1"), source("192.0.2.2"));
  EXPECT_NE(source("::ffff:192.0.2.1"), source("::ffff:192.0.2.2"));
  EXPECT_EQ(source("2001:db8:1:2::1"), source("2001:db8:1:2:ffff:ffff:ffff:ffff"));
  EXPECT_NE(source("2001:db8:1:2::1"), source("2001:db8:1:3::1"));
}

}  // namespace
}  // namespace gof::net
