// A handler's allocator, executor and cancellation slot, for every operation of the library.
#include "archetype.hpp"
#include "world.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/promise.hpp>
#include <boost/asio/experimental/use_promise.hpp>

using namespace gof;
using gof::testing::archetype;
using gof::testing::handler_record;
using gof::testing::outcome;
using gof::testing::world;
using namespace std::chrono_literals;
using boost::system::error_code;

namespace {

/// A mesh, a stream between its nodes, and a second loop for the handlers.
struct table {
  table() = default;

  world w;
  boost::asio::io_context elsewhere;
  acceptor from{*w.server, "echo"};
  std::pair<stream, stream> both = w.join(from);
  acceptor silent{*w.client};
  node idle{w.io, {}};
  stream asker{*w.client};
  incoming asked;
  stream far{*w.server};
  std::string block = std::string(1 << 20, 'b');
  char space[16];

  endpoint nowhere{identity::generate().id(), "echo"};

  /// Writes until a write finds no room.
  void fill() {
    outcome<> written;
    do {
      written = {};
      both.first.async_write_some(boost::asio::buffer(block), written.handler());
    } while (w.run_until([&] { return written.times > 0; }, 200ms));
    both.first.cancel();
    ASSERT_TRUE(w.run_until([&] { return written.times > 0; }));
    EXPECT_EQ(written.error, boost::asio::error::operation_aborted);
  }
  void ask() {
    asker.async_connect(w.to("echo"), [](error_code) {});
    asked = w.accept(from);
  }
  bool run_until_called(handler_record& r) {
    return w.run_until([&] { return elsewhere.poll() > 0 || r.times > 0; });
  }
};

/// An operation that waits until something happens.
struct operation {
  const char* name;
  void (*start)(table&, archetype&&);
  void (*happen)(table&);
};

void PrintTo(const operation& one, std::ostream* to) {
  *to << one.name;
}

const operation operations[] = {
    {"read",
     [](table& t, archetype&& h) {
       t.both.first.async_read_some(boost::asio::buffer(t.space), std::move(h));
     },
     [](table& t) { EXPECT_FALSE(t.w.write(t.both.second, "x")); }},
    {"write",
     [](table& t, archetype&& h) {
       t.fill();
       t.both.first.async_write_some(boost::asio::buffer(t.block), std::move(h));
     },
     [](table& t) {
       const auto all = static_cast<std::size_t>(t.both.first.written());
       EXPECT_EQ(t.w.read(t.both.second, all).size(), all);
     }},
    {"wait", [](table& t, archetype&& h) { t.both.first.async_wait(stream::wait_error, std::move(h)); },
     [](table& t) { t.both.second.reset(); }},
    {"connect", [](table& t, archetype&& h) { t.asker.async_connect(t.w.to("echo"), std::move(h)); },
     [](table& t) { t.far = t.w.accept(t.from).accept(); }},
    {"accept", [](table& t, archetype&& h) { t.from.async_accept(std::move(h)); },
     [](table& t) { t.asker.async_connect(t.w.to("echo"), [](error_code) {}); }},
    {"wait_gone",
     [](table& t, archetype&& h) {
       t.ask();
       t.asked.async_wait_gone(std::move(h));
     },
     [](table& t) { t.asker.reset(); }},
    {"probe", [](table& t, archetype&& h) { t.w.client->async_probe(t.w.to("echo"), std::move(h)); },
     [](table& t) { t.w.accept(t.from).confirm(); }},
    {"ping", [](table& t, archetype&& h) { t.w.client->async_ping(t.w.server->id(), std::move(h)); },
     [](table&) {}},
    {"event", [](table& t, archetype&& h) { t.idle.async_event(std::move(h)); },
     [](table& t) {
       error_code error;
       t.idle.use(t.w.make_ticket(), error);
     }},
};

class Associates : public ::testing::TestWithParam<operation> {
 protected:
  std::optional<table> made{std::in_place};
  table& t = *made;
  handler_record did{t.elsewhere};
};

INSTANTIATE_TEST_SUITE_P(of, Associates, ::testing::ValuesIn(operations),
                         [](const auto& one) { return one.param.name; });

}  // namespace

TEST_P(Associates, are_used_when_it_completes) {
  GetParam().start(t, archetype(did));
  GetParam().happen(t);
  ASSERT_TRUE(t.run_until_called(did));
  EXPECT_EQ(did.times, 1);
  EXPECT_TRUE(did.on_its_executor);
  EXPECT_GT(did.allocations, 0u);
  EXPECT_EQ(did.held_at_call, 0u);
  EXPECT_EQ(did.held, 0u);
}

TEST_P(Associates, are_used_when_it_is_cancelled_by_any_type) {
  for (const auto type : {boost::asio::cancellation_type::terminal, boost::asio::cancellation_type::partial,
                          boost::asio::cancellation_type::total}) {
    made.emplace();
    handler_record stopped{t.elsewhere};
    GetParam().start(t, archetype(stopped));
    stopped.stop.emit(type);
    EXPECT_EQ(stopped.times, 0) << "never inline";
    ASSERT_TRUE(t.run_until_called(stopped));
    EXPECT_EQ(stopped.error, boost::asio::error::operation_aborted);
    EXPECT_TRUE(stopped.on_its_executor);
    EXPECT_EQ(stopped.held_at_call, 0u);
    t.w.run_for(10ms);
    t.elsewhere.poll();
    EXPECT_EQ(stopped.times, 1);
  }
}

TEST_P(Associates, are_used_when_its_node_is_closed) {
  GetParam().start(t, archetype(did));
  t.w.client->close();
  t.w.server->close();
  t.idle.close();
  ASSERT_TRUE(t.run_until_called(did));
  EXPECT_EQ(did.times, 1);
  EXPECT_TRUE(did.error);
  EXPECT_TRUE(did.on_its_executor);
  EXPECT_EQ(did.held_at_call, 0u);
}

TEST_P(Associates, keep_their_executor_at_work_until_it_completes) {
  GetParam().start(t, archetype(did));
  t.elsewhere.poll();
  EXPECT_FALSE(t.elsewhere.stopped());
  did.stop.emit(boost::asio::cancellation_type::terminal);
  ASSERT_TRUE(t.run_until_called(did));
  t.elsewhere.poll();
  EXPECT_TRUE(t.elsewhere.stopped());
}

TEST(Work, of_a_handler_that_runs_elsewhere_keeps_the_nodes_loop_running_as_well) {
  boost::asio::io_context io, elsewhere;
  node alone(io, {});
  handler_record did{elsewhere};
  alone.async_event(archetype(did));
  io.poll();
  EXPECT_FALSE(io.stopped());
  did.stop.emit(boost::asio::cancellation_type::terminal);
  elsewhere.poll();
  EXPECT_EQ(did.error, boost::asio::error::operation_aborted);
  io.poll();
  EXPECT_TRUE(io.stopped());
}

TEST(Handler, that_is_never_called_gives_its_memory_back) {
  boost::asio::io_context elsewhere;
  handler_record did{elsewhere};
  {
    boost::asio::io_context io;
    node alone(io, {});
    acceptor from(alone);
    from.async_accept(archetype(did));
    EXPECT_GT(did.held, 0u);
  }
  // Its acceptor posts it at the end, to a loop that never runs.
  EXPECT_EQ(did.times, 0);
}

TEST(Token, may_put_the_start_off) {
  table t;
  auto read = t.both.first.async_read_some(boost::asio::buffer(t.space), boost::asio::deferred);
  EXPECT_FALSE(t.w.write(t.both.second, "later"));
  outcome<> done;
  std::move(read)(done.handler());
  ASSERT_TRUE(t.w.run_until([&] { return done.times > 0; }));
  EXPECT_EQ(done.value, 5u);
}

TEST(Token, may_ask_for_the_executor_before_there_is_a_handler) {
  table t;
  auto read =
      t.both.first.async_read_some(boost::asio::buffer(t.space), boost::asio::experimental::use_promise);
  EXPECT_FALSE(t.w.write(t.both.second, "promised"));
  ASSERT_TRUE(t.w.run_until([&] { return read.completed(); }));
}
