#include "dial/unix_probe.hpp"

#include <boost/asio/error.hpp>
#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace gof::dial {

TEST(UnixProbe, tells_a_listener_also_with_a_full_queue_from_none) {
  const auto path = "/tmp/gof-probe-" + std::to_string(::getpid());
  ::unlink(path.c_str());
  EXPECT_EQ(probe_unix(path), boost::system::errc::no_such_file_or_directory);
  const int door = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  path.copy(at.sun_path, sizeof at.sun_path - 1);
  ASSERT_EQ(::bind(door, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
  EXPECT_EQ(probe_unix(path), boost::asio::error::connection_refused);
  ASSERT_EQ(::listen(door, 0), 0);
  // One fits into the queue; the others find it full, as nothing accepts.
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(probe_unix(path)) << i;
  ::close(door);
  EXPECT_EQ(probe_unix(path), boost::asio::error::connection_refused);
  ::unlink(path.c_str());
}

}  // namespace gof::dial
