#include "daemon/ticket_addresses.hpp"

#include <gtest/gtest.h>

namespace gof::daemon {
namespace {

using texts = std::vector<std::string>;

TEST(TicketAddresses, have_public_ones_first_and_no_loopback_beside_others) {
  EXPECT_EQ(ticket_addresses({{"0.0.0.0", 7}, {"::", 7}},
                             {"127.0.0.1", "192.168.1.5", "203.0.113.10", "::1", "2001:db8::5", "fe80::1"}),
            (texts{"203.0.113.10:7", "[2001:db8::5]:7", "192.168.1.5:7"}));
}

TEST(TicketAddresses, are_loopback_when_there_is_nothing_else) {
  EXPECT_EQ(ticket_addresses({{"0.0.0.0", 7}, {"::", 7}}, {"127.0.0.1", "::1"}),
            (texts{"127.0.0.1:7", "[::1]:7"}));
  EXPECT_EQ(ticket_addresses({{"127.0.0.1", 9}}, {"127.0.0.1", "203.0.113.10"}), (texts{"127.0.0.1:9"}));
}

TEST(TicketAddresses, are_those_listened_on_and_nothing_more) {
  EXPECT_EQ(ticket_addresses({{"192.168.1.5", 9}}, {"192.168.1.5", "203.0.113.10"}),
            (texts{"192.168.1.5:9"}));
  EXPECT_EQ(ticket_addresses({{"0.0.0.0", 9}}, {"2001:db8::5", "10.0.0.1"}), (texts{"10.0.0.1:9"}));
  EXPECT_EQ(ticket_addresses({{"home.example", 9}}, {"10.0.0.1"}), (texts{"home.example:9"}));
}

TEST(TicketAddresses, are_four_at_most_each_once) {
  EXPECT_EQ(ticket_addresses({{"0.0.0.0", 1}, {"0.0.0.0", 1}},
                             {"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"})
                .size(),
            4u);
  EXPECT_EQ(ticket_addresses({{"10.0.0.1", 1}, {"10.0.0.1", 1}}, {}), (texts{"10.0.0.1:1"}));
}

TEST(AnnouncedAddresses, are_advertised_then_own_then_those_of_members) {
  EXPECT_EQ(announced_addresses({"relay.example:1"}, {"203.0.113.10:7", "10.0.0.1:7"}, {{"192.0.2.1:9"}}),
            (texts{"relay.example:1", "203.0.113.10:7", "10.0.0.1:7", "192.0.2.1:9"}));
  EXPECT_EQ(announced_addresses({}, {}, {{"192.0.2.1:9"}}), (texts{"192.0.2.1:9"}));
  EXPECT_EQ(announced_addresses({}, {"10.0.0.1:7"}, {}), (texts{"10.0.0.1:7"}));
}

TEST(AnnouncedAddresses, leave_two_places_to_members_however_many_there_are_here) {
  const texts own{"10.0.0.1:7", "10.0.0.2:7", "10.0.0.3:7", "10.0.0.4:7"};
  EXPECT_EQ(announced_addresses({}, own, {{"a:1", "a:2"}, {"b:1"}}),
            (texts{"10.0.0.1:7", "10.0.0.2:7", "a:1", "b:1"}));
  EXPECT_EQ(announced_addresses({}, own, {{"a:1"}}),
            (texts{"10.0.0.1:7", "10.0.0.2:7", "10.0.0.3:7", "a:1"}));
  EXPECT_EQ(announced_addresses({"x:1", "x:2", "x:3", "x:4"}, own, {{"a:1"}}),
            (texts{"x:1", "x:2", "x:3", "x:4"}));
}

TEST(AnnouncedAddresses, are_each_there_once) {
  EXPECT_EQ(announced_addresses({"10.0.0.1:7"}, {"10.0.0.1:7"}, {{"10.0.0.1:7", "a:1"}, {"a:1"}}),
            (texts{"10.0.0.1:7", "a:1"}));
}

}  // namespace
}  // namespace gof::daemon
