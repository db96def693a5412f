#include "os/stdio_bridge.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace gof::os {
namespace {

using namespace std::chrono_literals;
using boost::system::error_code;

struct Bridge : ::testing::Test {
  Bridge() {
    std::signal(SIGPIPE, SIG_IGN);  // as in the program
    EXPECT_EQ(::pipe2(in.data(), O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(out.data(), O_CLOEXEC), 0);
  }
  ~Bridge() override {
    close_one(in[1]);
    if (local) local->close();
    // The bridge's thread uses the number of stdout until then.
    close_one(out[0]);
    if (bridge) bridge->finish();
    for (const int one : {in[0], out[1]}) close_one(one);
  }

  static void close_one(int descriptor) {
    if (descriptor >= 0) ::close(descriptor);
  }

  void open() { open(in[0], out[1]); }
  void open(int from, int to) {
    // A number of its own, as the thread may still use it when the test is over.
    bridge.emplace(::dup(from), to);
    auto opened = bridge->open(io, [this](const std::string& what) { broken = what; });
    ASSERT_TRUE(opened) << opened.error().what;
    local.emplace(std::move(*opened));
  }

  /// Writes as much as the loop's end takes, all of which then goes to the bridge.
  std::size_t fill() {
    const std::string block(64 * 1024, 'x');
    std::size_t total = 0;
    for (error_code error; !error;) {
      pollfd one{local->native_handle(), POLLOUT, 0};
      if (::poll(&one, 1, 200) == 0) break;
      total += local->write_some(boost::asio::buffer(block), error);
      if (error == boost::asio::error::would_block) error = {};
    }
    return total;
  }

  std::string read(int from, std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t at = 0; at < size;) {
      const auto got = ::read(from, text.data() + at, size - at);
      if (got <= 0) return text.substr(0, at);
      at += static_cast<std::size_t>(got);
    }
    return text;
  }

  bool run_until_broken() {
    const auto end = std::chrono::steady_clock::now() + 10s;
    const auto work = boost::asio::make_work_guard(io);
    while (broken.empty())
      if (io.run_one_until(end) == 0) return false;
    return true;
  }

  std::array<int, 2> in{}, out{};
  boost::asio::io_context io;
  std::string broken;
  std::optional<stdio_bridge> bridge;
  std::optional<stdio_bridge::socket> local;
};

TEST_F(Bridge, counts_what_stdout_has_not_taken) {
  open();
  const auto total = fill();
  // The pipe holds a part; the rest waits in the socket and in the thread's buffer.
  const auto in_pipe = static_cast<std::size_t>(::fcntl(out[1], F_GETPIPE_SZ));
  ASSERT_GT(total, in_pipe);
  EXPECT_GT(bridge->unwritten(), 0u);
  EXPECT_LE(bridge->unwritten(), total);
  std::size_t got = 0;
  // A page of the pipe that a write began is not always filled by the next, so it holds less than its size.
  while (got + in_pipe / 4 < total) got += read(out[0], 4096).size();
  local->close();
  while (bridge->unwritten() > 0) std::this_thread::yield();
  // Now the pipe holds all of it, so nothing can be lost, whatever happens to the bridge.
  while (got < total) got += read(out[0], std::min<std::size_t>(4096, total - got)).size();
  EXPECT_EQ(got, total);
  EXPECT_EQ(bridge->finish(), "");
}

TEST_F(Bridge, never_counts_less_than_what_was_not_written) {
  open();
  std::size_t sent = 0, taken = 0;
  const std::string block(1000, 'x');
  for (int round = 0; round < 2000; ++round) {
    error_code error;
    sent += local->write_some(boost::asio::buffer(block), error);
    // The pipe holds at least what the count does not cover.
    const auto missing = bridge->unwritten();
    int there = 0;
    ASSERT_EQ(::ioctl(out[0], FIONREAD, &there), 0);
    ASSERT_GE(static_cast<std::size_t>(there) + missing, sent - taken);
    taken += read(out[0], static_cast<std::size_t>(there)).size();
  }
}

TEST_F(Bridge, closes_a_pipe_behind_the_last_byte_while_stdin_is_open) {
  open();
  boost::asio::write(*local, boost::asio::buffer("last", 4));
  local->shutdown(stdio_bridge::socket::shutdown_send);
  EXPECT_EQ(bridge->finish(), "");
  EXPECT_EQ(read(out[0], 100), "last");
  // The bridge still owns the number, so the next socket cannot get it.
  EXPECT_GE(::fcntl(out[1], F_GETFD), 0);
}

TEST_F(Bridge, shuts_a_socket_down_for_sending_alone) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  open(ends[0], ends[0]);
  local->shutdown(stdio_bridge::socket::shutdown_send);
  EXPECT_EQ(read(ends[1], 1), "");
  ASSERT_EQ(::write(ends[1], "still", 5), 5);
  std::string heard(5, '\0');
  local->non_blocking(false);
  boost::asio::read(*local, boost::asio::buffer(heard));
  EXPECT_EQ(heard, "still");
  for (const int one : ends) close_one(one);
}

TEST_F(Bridge, waits_for_descriptors_that_do_not_block) {
  for (const int one : {in[0], out[1]}) ::fcntl(one, F_SETFL, ::fcntl(one, F_GETFL) | O_NONBLOCK);
  const int flags = ::fcntl(in[0], F_GETFL);
  open();
  const auto total = fill();  // stdout is full, and stdin is empty
  local->shutdown(stdio_bridge::socket::shutdown_send);
  ASSERT_EQ(::write(in[1], "word", 4), 4);
  std::string heard(4, '\0');
  local->non_blocking(false);
  boost::asio::read(*local, boost::asio::buffer(heard));
  EXPECT_EQ(heard, "word");
  EXPECT_EQ(read(out[0], total).size(), total);
  EXPECT_EQ(bridge->finish(), "");
  EXPECT_EQ(::fcntl(in[0], F_GETFL), flags);
  EXPECT_EQ(broken, "");
}

TEST_F(Bridge, tells_the_loop_what_is_wrong_with_stdin) {
  const int folder = ::open("/", O_RDONLY | O_CLOEXEC);
  open(folder, out[1]);
  ASSERT_TRUE(run_until_broken());
  EXPECT_EQ(broken, "standard input: Is a directory");
  // The loop's end reports no end of the input.
  pollfd one{local->native_handle(), POLLIN, 0};
  EXPECT_EQ(::poll(&one, 1, 0), 0);
  close_one(folder);
}

TEST_F(Bridge, tells_the_loop_what_is_wrong_with_stdout) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  open(in[0], full);
  boost::asio::write(*local, boost::asio::buffer("word", 4));
  ASSERT_TRUE(run_until_broken());
  EXPECT_EQ(broken, "standard output: No space left on device");
  local->close();
  EXPECT_EQ(bridge->finish(), broken);
  close_one(full);
}

}  // namespace
}  // namespace gof::os
