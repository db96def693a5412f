#include "forward/own_dials.hpp"

#include <gtest/gtest.h>

namespace gof::forward {
namespace {

using boost::asio::ip::make_address;
using boost::asio::ip::tcp;
using namespace std::chrono_literals;

tcp::endpoint at(const std::string& address, unsigned short port) {
  return {make_address(address), port};
}

tcp_ends from(unsigned short port) {
  return {at("127.0.0.1", port), at("127.0.0.1", 5055)};
}

const std::vector<tcp::endpoint> both = {at("127.0.0.1", 5055), at("::1", 5055)};
const std::vector<tcp::endpoint> everywhere = {at("0.0.0.0", 5055), at("::", 5055)};

TEST(OwnDials, finds_a_connection_by_the_ends_that_its_acceptor_sees) {
  own_dials own;
  const auto held = own.add(from(40'000), "web");
  ASSERT_TRUE(held);
  EXPECT_FALSE(held->returned);
  EXPECT_EQ(own.find_returned(from(40'000)), nullptr) << "seen from our own end";
  EXPECT_EQ(own.find_returned(from(40'001).turned()), nullptr);
  EXPECT_EQ(own.find_returned({at("127.0.0.1", 5056), at("127.0.0.1", 40'000)}), nullptr)
      << "to another port";
  EXPECT_EQ(own.find_returned({at("::1", 5055), at("::1", 40'000)}), nullptr);
  EXPECT_FALSE(held->returned);
  const auto* found = own.find_returned(from(40'000).turned());
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->service, "web");
  EXPECT_TRUE(held->returned);
}

TEST(OwnDials, keeps_it_for_a_while_after_its_end) {
  own_dials own(50ms);
  auto held = own.add(from(40'000), "web");
  auto again = own.add(from(40'000), "web");
  held.reset();
  again.reset();
  EXPECT_NE(own.find_returned(from(40'000).turned()), nullptr);
  const auto start = own_dials::clock::now();
  while (own_dials::clock::now() - start < 60ms) {
  }
  EXPECT_EQ(own.find_returned(from(40'000).turned()), nullptr);
  EXPECT_EQ(own.size(), 0u);
}

TEST(OwnDials, keeps_one_that_is_open_however_long) {
  own_dials own(0ms);
  auto held = own.add(from(40'000), "web");
  own.add(from(40'001), "web");
  EXPECT_EQ(own.find_returned(from(40'001).turned()), nullptr);
  EXPECT_NE(own.find_returned(from(40'000).turned()), nullptr);
  EXPECT_EQ(own.size(), 1u);
  // The same addresses again, after the first was closed and before it was forgotten.
  held.reset();
  const auto later = own.add(from(40'000), "db");
  EXPECT_FALSE(later->returned);
  EXPECT_EQ(own.find_returned(from(40'000).turned())->service, "db");
}

TEST(OwnDials, holds_of_those_that_are_over_no_more_than_its_cap) {
  own_dials own;
  for (unsigned port = 1; port <= 3 * own_dials::most_kept; ++port)
    own.add(from(static_cast<unsigned short>(port)), "web");
  EXPECT_LE(own.size(), own_dials::most_kept + 1);
  EXPECT_EQ(own.find_returned(from(1).turned()), nullptr) << "the oldest is forgotten";
  EXPECT_NE(own.find_returned(from(3 * own_dials::most_kept).turned()), nullptr);
}

TEST(OwnDials, cares_for_no_connection_to_another_machine) {
  own_dials own;
  EXPECT_FALSE(own.add({at("10.0.0.1", 40'000), at("10.0.0.2", 80)}, "web"));
  EXPECT_TRUE(own.add({at("10.0.0.1", 40'000), at("10.0.0.1", 80)}, "web"));
  EXPECT_TRUE(own.add({at("127.0.0.1", 40'000), at("127.0.0.2", 80)}, "web"));
  EXPECT_TRUE(own.add({at("::1", 40'000), at("::1", 80)}, "web"));
}

TEST(OwnDials, may_go_before_its_connections) {
  own_dials::handle held;
  {
    own_dials own;
    held = own.add(from(40'000), "web");
  }
  EXPECT_EQ(held->service, "web");
}

TEST(LeadsTo, compares_the_far_end_with_listeners_on_this_host) {
  EXPECT_TRUE(leads_to(from(40'000), both));
  EXPECT_TRUE(leads_to({at("::1", 1), at("::1", 5055)}, both));
  EXPECT_FALSE(leads_to({at("127.0.0.1", 1), at("127.0.0.1", 5056)}, both));
  EXPECT_FALSE(leads_to({at("127.0.0.1", 1), at("127.0.0.2", 5055)}, both));
  EXPECT_FALSE(leads_to(from(40'000), {}));
  // The any-address stands for all addresses of this machine, and for no others.
  EXPECT_TRUE(leads_to(from(40'000), everywhere));
  EXPECT_TRUE(leads_to({at("127.0.0.1", 1), at("127.0.0.2", 5055)}, everywhere));
  EXPECT_TRUE(leads_to({at("10.0.0.1", 1), at("10.0.0.1", 5055)}, everywhere));
  EXPECT_FALSE(leads_to({at("10.0.0.1", 1), at("10.0.0.2", 5055)}, everywhere));
  EXPECT_TRUE(leads_to({at("::1", 1), at("::1", 5055)}, everywhere));
  EXPECT_FALSE(leads_to({at("::1", 1), at("::1", 5055)}, {at("0.0.0.0", 5055)}));
}

}  // namespace
}  // namespace gof::forward
