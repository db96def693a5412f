#include "world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

using namespace gof;
using gof::testing::outcome;
using gof::testing::world;
using namespace std::chrono_literals;
using boost::system::error_code;

namespace {

const auto aborted = boost::asio::error::operation_aborted;

/// One pending operation of each kind on the client.
struct everything {
  everything(world& w, acceptor& from) : both(w.join(from)), waiting(*w.client), silent(*w.client, "silent") {
    both.first.async_read_some(boost::asio::buffer(space), read.handler());
    write_on();
    waiting.async_connect({identity::generate().id(), "echo"}, connect.plain_handler());
    w.client->async_probe({identity::generate().id(), "echo"}, probe.handler());
    take_events(*w.client);
    silent.async_accept(accept.handler());
    // Until nothing more happens: one write stays pending, and the queued events are taken.
    std::size_t before = 0;
    do {
      before = ended;
      w.run_for(100ms);
    } while (ended != before);
  }

  void write_on() {
    both.first.async_write_some(boost::asio::buffer(block), [this](error_code e, std::size_t size) {
      ++ended;
      if (!e) return write_on();
      write.handler()(e, size);
    });
  }

  void take_events(node& of) {
    of.async_event([this, &of](error_code e, node_event n) {
      ++ended;
      if (!e) return take_events(of);
      event.handler()(e, std::move(n));
    });
  }

  void expect_all_aborted_once(world& w) {
    ASSERT_TRUE(w.run_until([&] {
      return read.times && write.times && connect.times && probe.times && event.times && accept.times;
    }));
    w.run_for(10ms);
    for (const auto times : {read.times, write.times, connect.times, probe.times, event.times, accept.times})
      EXPECT_EQ(times, 1);
    for (const auto& error : {read.error, write.error, connect.error, probe.error, event.error, accept.error})
      EXPECT_EQ(error, aborted) << error.message();
  }

  std::pair<stream, stream> both;
  stream waiting;
  acceptor silent;
  char space[16];
  std::string block = std::string(1 << 20, 'b');
  outcome<> read, write, connect;
  outcome<std::string> probe;
  outcome<node_event> event;
  outcome<incoming> accept;
  std::size_t ended = 0;
};

}  // namespace

TEST(Close, completes_everything_pending_once) {
  world w;
  acceptor from(*w.server, "echo");
  everything all(w, from);
  w.client->close();
  all.expect_all_aborted_once(w);
  // Operations that are started afterwards fail.
  stream late(*w.client);
  EXPECT_EQ(w.connect(late, w.to("echo")), errc::shut_down);
  EXPECT_EQ(w.probe(w.to("echo")), errc::shut_down);
  error_code error;
  w.client->use(w.make_ticket(), error);
  EXPECT_EQ(error, errc::shut_down);
  EXPECT_EQ(w.read_end(all.both.first), errc::shut_down);
  EXPECT_EQ(w.read_end(all.both.second), errc::shut_down);
  EXPECT_TRUE(w.client->snapshot().links.empty());
}

TEST(Close, by_destruction_completes_everything_pending_once) {
  world w;
  acceptor from(*w.server, "echo");
  everything all(w, from);
  w.client.reset();
  all.expect_all_aborted_once(w);
  EXPECT_EQ(w.read_end(all.both.second), errc::shut_down);
}

TEST(Close, with_the_io_context_never_run_again_leaks_nothing) {
  outcome<> read;
  char space[4];
  {
    world w;
    acceptor from(*w.server, "echo");
    auto both = w.join(from);
    both.first.async_read_some(boost::asio::buffer(space), read.handler());
    w.client.reset();
    w.server.reset();
    w.io.stop();
  }
  boost::asio::io_context fresh;
  const node after(fresh, {});  // must find no trace of the old loop
}

TEST(Close, tells_the_other_side_without_the_loop_being_run) {
  world w;
  acceptor from(*w.server, "echo");
  auto both = w.join(from);
  w.client->close();
  w.client->close();
  EXPECT_EQ(w.read_end(both.second), errc::shut_down);
  EXPECT_TRUE(w.run_until([&] { return w.server->snapshot().links.empty(); }));
}

TEST(Cancel, by_slot_ends_each_operation_alone) {
  world w;
  acceptor from(*w.server, "echo");
  auto both = w.join(from);
  char space[16];
  outcome<> read, connect;
  outcome<std::string> probe;
  outcome<node_event> event;
  outcome<incoming> accept;
  boost::asio::cancellation_signal stop[5];
  const auto bound = [&](int i, auto handler) {
    return boost::asio::bind_cancellation_slot(stop[i].slot(), handler);
  };
  both.first.async_read_some(boost::asio::buffer(space), bound(0, read.handler()));
  stream waiting(*w.client);
  waiting.async_connect({identity::generate().id(), "echo"}, bound(1, connect.plain_handler()));
  w.client->async_probe({identity::generate().id(), "echo"}, bound(2, probe.handler()));
  node third(w.io, {});
  third.async_event(bound(3, event.handler()));
  from.async_accept(bound(4, accept.handler()));
  w.run_for(1ms);
  EXPECT_EQ(read.times + connect.times + probe.times + event.times + accept.times, 0);
  for (auto& one : stop) {
    one.emit(boost::asio::cancellation_type::terminal);
    one.emit(boost::asio::cancellation_type::terminal);  // the second has no effect
  }
  ASSERT_TRUE(
      w.run_until([&] { return read.times && connect.times && probe.times && event.times && accept.times; }));
  for (const auto& error : {read.error, connect.error, probe.error, event.error, accept.error})
    EXPECT_EQ(error, aborted) << error.message();
  EXPECT_EQ(read.times + connect.times + probe.times + event.times + accept.times, 5);
  // The stream, the acceptor and the node can still be used.
  EXPECT_FALSE(w.write(both.second, "on"));
  EXPECT_EQ(w.read(both.first, 2), "on");
  auto more = w.join(from);
  EXPECT_TRUE(more.first.is_open());
}

TEST(Cancel, of_one_operation_does_not_touch_the_next) {
  world w;
  acceptor from(*w.server, "echo");
  auto both = w.join(from);
  char space[16];
  outcome<> first, second;
  boost::asio::cancellation_signal stop;
  both.first.async_read_some(boost::asio::buffer(space),
                             boost::asio::bind_cancellation_slot(stop.slot(), first.handler()));
  EXPECT_FALSE(w.write(both.second, "1"));
  ASSERT_TRUE(w.run_until([&] { return first.times > 0; }));
  both.first.async_read_some(boost::asio::buffer(space), second.handler());
  stop.emit(boost::asio::cancellation_type::all);
  EXPECT_FALSE(w.write(both.second, "2"));
  ASSERT_TRUE(w.run_until([&] { return second.times > 0; }));
  EXPECT_FALSE(second.error);
}
