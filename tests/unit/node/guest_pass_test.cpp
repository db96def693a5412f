#include "node/guest_pass.hpp"

#include "wire/neighbours.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

struct GuestPass : ::testing::Test {
  guest_pass pass;
  const link_id host{1};

  void come() {
    link::up up;
    up.role = wire::link_role::guest;
    pass.handle_up(host, up);
  }
};

TEST_F(GuestPass, learns_where_members_are_but_for_loopback) {
  come();
  const wire::neighbours said{{{"127.0.0.1", 1}, {"203.0.113.7", 7}, {"localhost", 2}}};
  EXPECT_TRUE(pass.handle_neighbours(host, said.encode()));
  ASSERT_EQ(pass.learned(host).size(), 1u);
  EXPECT_EQ(pass.learned(host)[0].host, "203.0.113.7");
}

TEST_F(GuestPass, has_that_from_nobody_whose_guest_we_are_not) {
  const wire::neighbours said{{{"203.0.113.7", 7}}};
  EXPECT_FALSE(pass.handle_neighbours(host, said.encode()));
  EXPECT_TRUE(pass.learned(host).empty());
}

TEST_F(GuestPass, takes_no_garbage) {
  come();
  EXPECT_FALSE(pass.handle_neighbours(host, as_bytes("garbage")));
}

TEST_F(GuestPass, forgets_with_the_link) {
  come();
  pass.handle_neighbours(host, wire::neighbours{{{"203.0.113.7", 7}}}.encode());
  pass.handle_down(host);
  EXPECT_TRUE(pass.learned(host).empty());
}

}  // namespace
}  // namespace gof::core
