#include "net/host_identity.hpp"

#include <gtest/gtest.h>

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gof::net {

TEST(HostIdentity, is_known_and_stays) {
  EXPECT_FALSE(host_identity().is_zero());
  EXPECT_EQ(host_identity(), host_identity());
}

TEST(HostIdentity, is_another_in_another_network_namespace) {
  enum : int { another = 0, same = 1, not_allowed = 2 };
  const auto here = host_identity();
  const auto child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    if (::unshare(CLONE_NEWNET) != 0) ::_exit(not_allowed);
    const auto there = host_identity();
    ::_exit(there.is_zero() || there == here ? same : another);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == not_allowed) GTEST_SKIP() << "namespaces are not allowed here";
  EXPECT_EQ(WEXITSTATUS(status), another);
}

}  // namespace gof::net
