#include "dial/unix_address.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <sys/un.h>

namespace gof::dial {
namespace {

/// The name as the system gets it.
std::string name_in(const std::string& path) {
  const auto made = unix_address(path);
  EXPECT_EQ(made.protocol().family(), AF_UNIX);
  sockaddr_un address{};
  EXPECT_LE(made.size(), sizeof address);
  std::memcpy(&address, made.data(), made.size());
  return {address.sun_path, made.size() - offsetof(sockaddr_un, sun_path)};
}

TEST(UnixAddress, of_a_path_ends_with_a_zero) {
  const std::string longest(107, 'p');
  EXPECT_EQ(name_in("/run/x"), std::string("/run/x\0", 7));
  EXPECT_EQ(name_in("./@x"), std::string("./@x\0", 5));
  EXPECT_EQ(name_in(longest), longest + '\0');
}

TEST(UnixAddress, of_an_abstract_name_begins_with_one_and_ends_with_the_name) {
  const std::string longest(107, 'n');
  EXPECT_EQ(name_in("@x"), std::string("\0x", 2));
  EXPECT_EQ(name_in("@@"), std::string("\0@", 2));
  EXPECT_EQ(name_in('@' + longest), '\0' + longest);
}

}  // namespace
}  // namespace gof::dial
