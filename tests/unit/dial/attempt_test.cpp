#include "dial/attempt.hpp"

#include "doors.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <fstream>
#include <map>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

namespace gof::dial {
namespace {

namespace io_error = boost::asio::error;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

struct outcome {
  int times = 0;
  std::optional<socket> connected;
  std::vector<failure> failures;
  clock::duration after{};

  std::string other_end() {
    const auto where = connected->remote_endpoint();
    boost::asio::ip::tcp::endpoint same;
    std::memcpy(same.data(), where.data(), where.size());
    return same.address().to_string();
  }
};

class Attempt : public ::testing::Test {
 protected:
  std::shared_ptr<attempt> dial(const destination& to, attempt::limits within, outcome& into) {
    return attempt::start(
        io.get_executor(), to, within,
        [&into, begun = clock::now()](std::optional<connection> got, const std::vector<failure>& failures) {
          ++into.times;
          if (got) into.connected = std::move(got->socket);
          into.failures = failures;
          into.after = clock::now() - begun;
        },
        {}, pool);
  }
  void name(const std::string& host, const std::vector<std::string>& addresses) {
    for (const auto& one : addresses) names[host].push_back(boost::asio::ip::make_address(one));
  }
  void run_until_answered(const outcome& which) {
    const auto end = clock::now() + 20s;
    io.restart();
    while (which.times == 0 && io.run_one_until(end) > 0) continue;
  }

  boost::asio::io_context io;
  std::map<std::string, std::vector<boost::asio::ip::address>> names;
  lookup_pool pool{[this](const std::string& host) {
    const auto found = names.find(host);
    if (found == names.end()) return lookup_answer{io_error::host_not_found, {}};
    return lookup_answer{{}, found->second};
  }};
};

}  // namespace

TEST_F(Attempt, connects_non_blocking_and_closed_on_exec) {
  const live_door door;
  outcome one;
  dial({"127.0.0.1", door.port(), {}}, {10s}, one);
  EXPECT_EQ(one.times, 0) << "only after start() has returned";
  io.run();
  ASSERT_TRUE(one.connected);
  EXPECT_EQ(one.times, 1);
  const int handle = one.connected->native_handle();
  EXPECT_NE(::fcntl(handle, F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(::fcntl(handle, F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_EQ(socket_share::of(io.get_executor())->open(), 0u) << "once connected it needs no share";
}

TEST_F(Attempt, second_address_answers_while_the_first_is_silent) {
  const silent_door first("127.0.0.1");
  const live_door second("127.0.0.2", first.port());
  name("two", {"127.0.0.1", "127.0.0.2"});
  outcome one;
  dial({"two", first.port(), {}}, {10s}, one);
  io.run();
  ASSERT_TRUE(one.connected);
  EXPECT_EQ(one.other_end(), "127.0.0.2");
  EXPECT_GE(one.after, attempt::between_starts);
  EXPECT_LT(one.after, 2s);
  EXPECT_EQ(sockets_connecting(), 1u) << "the one that fills the silent port's queue";
}

TEST_F(Attempt, goes_on_at_once_after_a_refusal) {
  const closed_door first("127.0.0.1");
  const closed_door second("127.0.0.2", first.port());
  const live_door third("127.0.0.3", first.port());
  name("three", {"127.0.0.1", "127.0.0.2", "127.0.0.3"});
  outcome one;
  dial({"three", first.port(), {}}, {10s}, one);
  io.run();
  ASSERT_TRUE(one.connected);
  EXPECT_LT(one.after, attempt::between_starts);
  ASSERT_EQ(one.failures.size(), 2u);
  for (const auto& failed : one.failures) EXPECT_EQ(failed.error, io_error::connection_refused);
}

TEST_F(Attempt, takes_families_in_turns) {
  // All addresses of IPv6 refuse; the one of IPv4 is tried second, not fourth.
  const live_door door("127.0.0.1");
  name("mixed", {"::1", "::1", "::1", "127.0.0.1"});
  outcome one;
  dial({"mixed", door.port(), {}}, {10s}, one);
  io.run();
  ASSERT_TRUE(one.connected);
  EXPECT_EQ(one.other_end(), "127.0.0.1");
  EXPECT_EQ(one.failures.size(), 1u);
}

TEST_F(Attempt, tells_each_failure_when_all_fail) {
  const silent_door first("127.0.0.1");
  const closed_door second("127.0.0.2", first.port());
  name("both", {"127.0.0.1", "127.0.0.2"});
  outcome one;
  dial({"both", first.port(), {}}, {600ms}, one);
  io.run();
  EXPECT_EQ(one.times, 1);
  EXPECT_FALSE(one.connected);
  ASSERT_EQ(one.failures.size(), 2u);
  const auto port = std::to_string(first.port());
  EXPECT_EQ(one.failures[0].where, "127.0.0.2:" + port);
  EXPECT_EQ(one.failures[0].words(), "Connection refused");
  EXPECT_EQ(one.failures[1].where, "127.0.0.1:" + port);
  EXPECT_EQ(one.failures[1].what, failure::kind::silent);
}

TEST_F(Attempt, tries_no_more_than_its_bound) {
  const closed_door door;
  std::vector<std::string> all;
  for (int i = 1; i <= 40; ++i) all.push_back("127.0.0." + std::to_string(i));
  name("many", all);
  outcome one;
  dial({"many", door.port(), {}}, {10s}, one);
  io.run();
  EXPECT_EQ(one.failures.size(), attempt::most_addresses);
}

TEST_F(Attempt, closes_its_sockets_at_the_limit) {
  const silent_door first("127.0.0.1");
  const silent_door second("127.0.0.2", first.port());
  name("two", {"127.0.0.1", "127.0.0.2"});
  const auto before = sockets_connecting();
  outcome one;
  const auto dialled = dial({"two", first.port(), {}}, {500ms}, one);
  while (sockets_connecting() < before + 2) io.run_one();
  io.run();
  EXPECT_FALSE(one.connected);
  EXPECT_GE(one.after, 500ms);
  EXPECT_LT(one.after, 2s);
  EXPECT_EQ(sockets_connecting(), before) << "although the attempt still exists";
  EXPECT_EQ(socket_share::of(io.get_executor())->open(), 0u);
}

TEST_F(Attempt, closes_one_address_at_its_own_limit) {
  const silent_door door;
  const auto before = sockets_connecting();
  outcome one;
  dial({"127.0.0.1", door.port(), {}}, {10s, 300ms}, one);
  io.run();
  EXPECT_GE(one.after, 300ms);
  EXPECT_LT(one.after, 2s);
  EXPECT_EQ(one.failures.at(0).error, io_error::timed_out);
  EXPECT_EQ(sockets_connecting(), before);
}

TEST_F(Attempt, cancel_closes_its_sockets_and_says_nothing) {
  const silent_door door;
  const auto before = sockets_connecting();
  outcome one;
  const auto dialled = dial({"127.0.0.1", door.port(), {}}, {10s}, one);
  while (sockets_connecting() == before) io.run_one();
  dialled->cancel();
  EXPECT_EQ(sockets_connecting(), before);
  const auto begun = clock::now();
  io.run();
  EXPECT_LT(clock::now() - begun, 2s) << "the loop has nothing left to wait for";
  EXPECT_EQ(one.times, 0);
}

TEST_F(Attempt, says_why_a_name_did_not_do) {
  outcome one;
  dial({"nobody.example", 80, {}}, {10s}, one);
  io.run();
  ASSERT_EQ(one.failures.size(), 1u);
  EXPECT_EQ(one.failures[0].what, failure::kind::name);
  EXPECT_EQ(one.failures[0].where, "nobody.example:80");
  EXPECT_EQ(one.failures[0].error, io_error::host_not_found);
}

TEST_F(Attempt, cancel_leaves_a_look_up) {
  outcome one;
  const auto dialled = dial({"nobody.example", 80, {}}, {10s}, one);
  io.run_one();
  dialled->cancel();
  io.run();
  EXPECT_EQ(one.times, 0);
}

// ---------------------------------------------------------------- connections to itself

namespace {

/// Moves this thread into a network namespace with only these ephemeral ports.
bool enter_small_network(int first, int last) {
  if (::unshare(CLONE_NEWNET) != 0) return false;
  const int any = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq loopback{};
  std::strncpy(loopback.ifr_name, "lo", IFNAMSIZ - 1);
  loopback.ifr_flags = IFF_UP;
  const bool up = ::ioctl(any, SIOCSIFFLAGS, &loopback) == 0;
  ::close(any);
  std::ofstream range("/proc/sys/net/ipv4/ip_local_port_range");
  range << first << ' ' << last << std::flush;
  return up && range.good();
}

}  // namespace

TEST_F(Attempt, connection_to_itself_counts_as_refused) {
  constexpr std::uint16_t port = 40'004;  // even like the first of the range: the system tries odd ones last
  bool entered = false;
  std::thread([&] {
    entered = enter_small_network(port - 4, port + 3);
    if (!entered) return;
    for (const auto* host : {"127.0.0.1", "::1", "0.0.0.0"}) {
      for (int i = 0; i < 200; ++i) {
        outcome one;
        dial({host, port, {}}, {10s}, one);
        io.restart();
        io.run();
        ASSERT_FALSE(one.connected) << host << ", attempt " << i;
        ASSERT_EQ(one.failures.at(0).error, io_error::connection_refused);
      }
    }
    // No trace of it is left: a server gets the port even without SO_REUSEADDR.
    const int server = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in6 at{};
    at.sin6_family = AF_INET6;
    at.sin6_port = htons(port);
    EXPECT_EQ(::bind(server, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0) << std::strerror(errno);
    ::close(server);
  }).join();
  if (!entered) GTEST_SKIP() << "needs a network namespace";
}

// ---------------------------------------------------------------- descriptors

namespace {

/// Limits the number of open descriptors while it exists.
class fewer_descriptors {
 public:
  explicit fewer_descriptors(rlim_t most) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit now{most, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &now);
  }
  ~fewer_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

}  // namespace

TEST_F(Attempt, those_to_a_silent_target_leave_room_for_others) {
  const silent_door silent;
  const live_door live;
  const fewer_descriptors few(64);
  const auto before = sockets_connecting();
  std::vector<outcome> waiting(40);
  for (auto& one : waiting) dial({"127.0.0.1", silent.port(), {}}, {2s}, one);
  outcome other;
  dial({"127.0.0.1", live.port(), {}}, {2s}, other);
  run_until_answered(other);
  EXPECT_TRUE(other.connected);
  EXPECT_LT(other.after, 1s);
  EXPECT_EQ(sockets_connecting() - before, 64 / socket_share::part / 2);
  io.run();
  std::size_t silent_ones = 0, short_ones = 0;
  for (const auto& one : waiting) {
    ASSERT_EQ(one.failures.size(), 1u);
    ++(one.failures[0].what == failure::kind::silent ? silent_ones : short_ones);
  }
  EXPECT_GE(silent_ones, 8u);
  EXPECT_EQ(silent_ones + short_ones, waiting.size());
  EXPECT_EQ(sockets_connecting(), before);
}

TEST_F(Attempt, waits_for_room_and_takes_it) {
  const silent_door silent;
  const live_door live;
  const fewer_descriptors few(32);
  std::vector<outcome> first(8);
  for (auto& one : first) dial({"127.0.0.1", silent.port(), {}}, {300ms}, one);
  std::vector<outcome> second(16);
  std::vector<std::shared_ptr<attempt>> held;
  for (auto& one : second) held.push_back(dial({"127.0.0.1", live.port(), {}}, {10s}, one));
  io.run();
  for (auto& one : second) EXPECT_TRUE(one.connected) << one.failures.at(0).words();
}

TEST_F(Attempt, without_room_a_silent_address_makes_way_for_the_next) {
  const silent_door first("127.0.0.1");
  const live_door second("127.0.0.2", first.port());
  name("two", {"127.0.0.1", "127.0.0.2"});
  const fewer_descriptors few(40);
  std::vector<outcome> all(12);
  for (auto& one : all) dial({"two", first.port(), {}}, {10s}, one);
  io.run();
  for (auto& one : all) {
    ASSERT_TRUE(one.connected) << one.failures.back().words();
    EXPECT_LT(one.after, 8s);
  }
}

TEST_F(Attempt, waits_for_descriptors_until_its_limit) {
  const live_door door;
  std::vector<int> taken;
  outcome before, in_time, too_late;
  dial({"127.0.0.1", door.port(), {}}, {10s}, before);
  run_until_answered(before);  // so that the loop has its own descriptors
  {
    const fewer_descriptors few(40);
    while (true) {
      const int one = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
      if (one < 0) break;
      taken.push_back(one);
    }
    dial({"127.0.0.1", door.port(), {}}, {300ms}, too_late);
    run_until_answered(too_late);
    dial({"127.0.0.1", door.port(), {}}, {10s}, in_time);
    io.restart();
    io.run_for(200ms);
    EXPECT_EQ(in_time.times, 0);
    ::close(taken.back());
    taken.pop_back();
    run_until_answered(in_time);
  }
  for (const int one : taken) ::close(one);
  EXPECT_EQ(too_late.failures.at(0).what, failure::kind::resource_exhausted);
  EXPECT_EQ(too_late.failures.at(0).words(), "Too many open files");
  EXPECT_TRUE(in_time.connected);
}

// ---------------------------------------------------------------- unix sockets

namespace {

/// A unix socket whose queue holds one connection.
class unix_door {
 public:
  unix_door() : path("/tmp/gof-attempt-" + std::to_string(::getpid())) {
    ::unlink(path.c_str());
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    path.copy(at.sun_path, sizeof at.sun_path - 1);
    EXPECT_EQ(::bind(handle, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
    EXPECT_EQ(::listen(handle, 0), 0);
  }
  ~unix_door() {
    ::close(handle);
    ::unlink(path.c_str());
  }
  void accept() const { ::close(::accept(handle, nullptr, nullptr)); }

  std::string path;
  int handle = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

}  // namespace

TEST_F(Attempt, waits_for_a_full_queue_of_a_unix_socket) {
  const unix_door door;
  outcome first, second, third;
  dial({{}, 0, door.path}, {10s}, first);
  io.run();
  ASSERT_TRUE(first.connected);
  dial({{}, 0, door.path}, {300ms}, second);
  io.restart();
  io.run();
  ASSERT_EQ(second.failures.size(), 1u);
  EXPECT_EQ(second.failures[0].what, failure::kind::queue_full);
  EXPECT_GE(second.after, 300ms);
  dial({{}, 0, door.path}, {10s}, third);
  io.restart();
  io.run_for(100ms);
  EXPECT_EQ(third.times, 0);
  door.accept();
  run_until_answered(third);
  EXPECT_TRUE(third.connected);
}

TEST_F(Attempt, says_what_is_wrong_with_a_unix_socket) {
  outcome none;
  dial({{}, 0, "/tmp/gof-nobody-here"}, {10s}, none);
  io.run();
  EXPECT_EQ(none.failures.at(0).words(), "No such file or directory");
}

}  // namespace gof::dial
