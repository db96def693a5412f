#include "daemon/address_scope.hpp"

#include <gtest/gtest.h>

namespace gof::daemon {
namespace {

TEST(AddressScope, follows_the_special_ranges) {
  for (const auto* text : {"203.0.113.10", "8.8.8.8", "172.32.0.1", "2001:db8::1"})
    EXPECT_EQ(scope_of(text), address_scope::anywhere) << text;
  for (const auto* text :
       {"10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fd00::1"})
    EXPECT_EQ(scope_of(text), address_scope::network) << text;
  for (const auto* text : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"})
    EXPECT_EQ(scope_of(text), address_scope::machine) << text;
  for (const auto* text : {"169.254.1.1", "fe80::1", "224.0.0.1", "0.0.0.0", "::", "255.255.255.255", "x"})
    EXPECT_EQ(scope_of(text), address_scope::nowhere) << text;
}

TEST(WidestScope, is_that_of_the_best_address) {
  EXPECT_EQ(widest_scope({"10.0.0.1:1", "203.0.113.10:1"}), address_scope::anywhere);
  EXPECT_EQ(widest_scope({"10.0.0.1:1"}), address_scope::network);
  EXPECT_EQ(widest_scope({"[::1]:1"}), address_scope::machine);
  EXPECT_EQ(widest_scope({}), address_scope::nowhere);
}

TEST(ScopeWarning, is_of_all_but_public_addresses) {
  EXPECT_EQ(scope_warning(address_scope::anywhere), "");
  EXPECT_TRUE(scope_warning(address_scope::network).starts_with("reachable only from this network; "));
  EXPECT_TRUE(scope_warning(address_scope::machine).starts_with("reachable only from this machine; "));
  EXPECT_NE(scope_warning(address_scope::nowhere), "");
}

}  // namespace
}  // namespace gof::daemon
