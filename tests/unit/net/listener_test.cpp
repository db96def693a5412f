#include "net/listener.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>

namespace gof::net {
namespace {

const tcp::endpoint any_port{boost::asio::ip::address_v4::loopback(), 0};

/// Allows no more descriptors than are open now, while it exists.
class no_more_descriptors {
 public:
  no_more_descriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const int next = ::fcntl(0, F_DUPFD, 0);
    ::close(next);
    auto now = before_;
    now.rlim_cur = static_cast<rlim_t>(next);
    ::setrlimit(RLIMIT_NOFILE, &now);
  }
  ~no_more_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

}  // namespace

TEST(Listener, accepts_until_closed) {
  boost::asio::io_context io;
  int accepted = 0;
  const auto one = std::make_shared<listener>(io, [&](const tcp_socket&) { ++accepted; });
  error_code error;
  one->open(any_port, error);
  ASSERT_FALSE(error);
  one->start();
  tcp_socket a(io), b(io);
  a.connect(one->where());
  b.connect(one->where());
  while (accepted < 2) ASSERT_GT(io.run_one_for(std::chrono::seconds(10)), 0u);
  one->close();
  io.run();
  EXPECT_EQ(accepted, 2);
}

TEST(Listener, tells_that_the_port_is_taken) {
  boost::asio::io_context io;
  const auto first = std::make_shared<listener>(io, [](const tcp_socket&) {});
  const auto second = std::make_shared<listener>(io, [](const tcp_socket&) {});
  error_code error;
  first->open(any_port, error);
  ASSERT_FALSE(error);
  second->open(first->where(), error);
  EXPECT_EQ(error, boost::asio::error::address_in_use);
}

TEST(Listener, pauses_without_descriptors_and_goes_on_by_itself) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizers' own check of a vptr opens a pipe, and reports its failure as our bug";
#endif
  boost::asio::io_context io;
  int accepted = 0;
  const auto one = std::make_shared<listener>(io, [&](const tcp_socket&) { ++accepted; });
  error_code error;
  one->open(any_port, error);
  ASSERT_FALSE(error);
  one->start();
  tcp_socket who(io);
  who.connect(one->where());
  {
    const no_more_descriptors left;
    io.run_for(std::chrono::milliseconds(500));
    EXPECT_EQ(accepted, 0);
    EXPECT_GE(one->failures(), 1u);
    EXPECT_LE(one->failures(), 4u) << "it retries without a pause";
  }
  while (accepted == 0) ASSERT_GT(io.run_one_for(std::chrono::seconds(10)), 0u);
  one->close();
  io.run();
  EXPECT_EQ(accepted, 1);
}

}  // namespace gof::net
