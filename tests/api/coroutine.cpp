// Coroutines are slow to compile, so only this file includes them.
#include "world.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

using namespace gof;
using boost::asio::awaitable;
using boost::asio::use_awaitable;
using gof::testing::world;

namespace {

awaitable<void> serve(acceptor& from) {
  auto asked = co_await from.async_accept(use_awaitable);
  auto s = asked.accept();
  char space[64];
  const auto size = co_await s.async_read_some(boost::asio::buffer(space), use_awaitable);
  co_await s.async_write_some(boost::asio::buffer(space, size), use_awaitable);
  s.close();
}

awaitable<std::string> ask(node& on, endpoint where) {
  stream s(on);
  co_await s.async_connect(where, use_awaitable);
  co_await s.async_write_some(boost::asio::buffer("coroutine", 9), use_awaitable);
  char space[64];
  const auto size = co_await s.async_read_some(boost::asio::buffer(space), use_awaitable);
  s.close();
  co_return std::string(space, size);
}

}  // namespace

TEST(Coroutine, talks_and_ends) {
  world w;
  acceptor from(*w.server, "echo");
  std::string answer;
  bool served = false;
  boost::asio::co_spawn(w.io, serve(from), [&](std::exception_ptr e) { served = !e; });
  boost::asio::co_spawn(w.io, ask(*w.client, w.to("echo")), [&](std::exception_ptr e, std::string s) {
    EXPECT_FALSE(e);
    answer = std::move(s);
  });
  ASSERT_TRUE(w.run_until([&] { return served && !answer.empty(); }));
  EXPECT_EQ(answer, "coroutine");
  EXPECT_TRUE(w.run_until([&] { return w.all_freed(); }));
}

TEST(Coroutine, sees_errors_as_exceptions) {
  world w;
  boost::system::error_code seen;
  boost::asio::co_spawn(w.io, ask(*w.client, w.to("echo")), [&](std::exception_ptr e, const std::string&) {
    try {
      std::rethrow_exception(e);
    } catch (const boost::system::system_error& thrown) {
      seen = thrown.code();
    }
  });
  ASSERT_TRUE(w.run_until([&] { return static_cast<bool>(seen); }));
  EXPECT_EQ(seen, errc::unknown_service);
}
