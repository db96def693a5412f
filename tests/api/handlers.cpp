#include "world.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>

#include <future>

using namespace gof;
using gof::testing::outcome;
using gof::testing::world;
using namespace std::chrono_literals;
using boost::system::error_code;

namespace {

/// What Asio requires of a handler and no more: it is moved, and called once as an rvalue.
struct rvalue_only {
  std::unique_ptr<int> proof_of_moving = std::make_unique<int>(0);
  outcome<>* to;
  void operator()(error_code e, std::size_t size) && { to->handler()(e, size); }
};

}  // namespace

TEST(Handler, may_be_move_only) {
  world w;
  acceptor from(*w.server);
  auto [near, far] = w.join(from);
  outcome<> read, written;
  char space[8];
  near.async_read_some(boost::asio::buffer(space), rvalue_only{.to = &read});
  far.async_write_some(boost::asio::buffer("moved", 5), rvalue_only{.to = &written});
  ASSERT_TRUE(w.run_until([&] { return read.times && written.times; }));
  EXPECT_EQ(read.value, 5u);
}

TEST(Handler, runs_on_its_own_executor) {
  world w;
  acceptor from(*w.server);
  auto [near, far] = w.join(from);
  auto strand = boost::asio::make_strand(w.io);
  char space[8];
  bool inside = false;
  near.async_read_some(boost::asio::buffer(space),
                       boost::asio::bind_executor(strand, [&](error_code, std::size_t) {
                         inside = strand.running_in_this_thread();
                       }));
  EXPECT_FALSE(w.write(far, "x"));
  EXPECT_TRUE(w.run_until([&] { return inside; }));
}

TEST(Handler, may_be_a_future) {
  world w;
  acceptor from(*w.server);
  auto [near, far] = w.join(from);
  char space[8];
  auto read = near.async_read_some(boost::asio::buffer(space), boost::asio::use_future);
  EXPECT_FALSE(w.write(far, "later"));
  ASSERT_TRUE(w.run_until([&] { return read.wait_for(0s) == std::future_status::ready; }));
  EXPECT_EQ(read.get(), 5u);
  auto next = near.async_read_some(boost::asio::buffer(space), boost::asio::use_future);
  far.reset();
  ASSERT_TRUE(w.run_until([&] { return next.wait_for(0s) == std::future_status::ready; }));
  EXPECT_THROW(next.get(), boost::system::system_error);
}

TEST(Handler, may_destroy_its_stream) {
  world w;
  acceptor from(*w.server);
  auto both = w.join(from);
  auto near = std::make_unique<stream>(std::move(both.first));
  char space[8];
  bool ran = false;
  near->async_read_some(boost::asio::buffer(space), [&](error_code, std::size_t) {
    near.reset();
    ran = true;
  });
  EXPECT_FALSE(w.write(both.second, "x"));
  ASSERT_TRUE(w.run_until([&] { return ran; }));
  EXPECT_EQ(w.read_end(both.second), errc::reset);
}

TEST(Handler, may_destroy_its_node) {
  world w;
  acceptor from(*w.server);
  auto both = w.join(from);
  bool ran = false;
  char space[8];
  both.first.async_read_some(boost::asio::buffer(space), [&](error_code, std::size_t) {
    w.client.reset();
    ran = true;
  });
  EXPECT_FALSE(w.write(both.second, "x"));
  ASSERT_TRUE(w.run_until([&] { return ran; }));
  EXPECT_EQ(w.read_end(both.second), errc::shut_down);
}
