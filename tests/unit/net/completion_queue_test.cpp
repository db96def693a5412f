#include "net/loop.hpp"

#include <gof/operation.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>
#include <vector>

namespace gof::net {
namespace {

using testing::ElementsAre;

template <class Handler>
void complete_with(detail::completion_queue& queue, Handler handler, int with = 0) {
  detail::make_operation<int>(std::move(handler), queue).complete(with);
}

/// A member with an event and with output.
struct writing : loop::member {
  explicit writing(std::vector<std::string>& to) : said(to) {}
  std::vector<std::string>& said;
  std::function<void()> on_event;
  bool has_output = false;

  std::optional<instant> poll_timeout() const override { return {}; }
  void handle_timeout(instant) override {}
  bool handle_events(instant) override {
    if (const auto happens = std::exchange(on_event, nullptr)) happens();
    return false;
  }
  bool flush(instant) override {
    if (std::exchange(has_output, false)) said.emplace_back("written");
    return false;
  }
};

struct CompletionQueue : testing::Test {
  boost::asio::io_context io{1};
  std::shared_ptr<loop> on = loop::on(io);
  detail::completion_queue& queue = *on->completions();
  std::vector<std::string> said;

  auto say(const std::string& what) {
    return [this, what](int) { said.push_back(what); };
  }
};

}  // namespace

TEST_F(CompletionQueue, calls_no_handler_within_the_function_that_completes) {
  complete_with(queue, say("called"));
  EXPECT_TRUE(said.empty());
  io.run();
  EXPECT_THAT(said, ElementsAre("called"));
}

TEST_F(CompletionQueue, calls_handlers_in_order_and_those_that_come_meanwhile_after_them) {
  complete_with(queue, [&](int) {
    said.emplace_back("first");
    complete_with(queue, say("third"));
    said.emplace_back("first still");
  });
  complete_with(queue, say("second"));
  io.run();
  EXPECT_THAT(said, ElementsAre("first", "first still", "second", "third"));
}

TEST_F(CompletionQueue, needs_no_pass_of_the_context_for_what_an_event_completes) {
  const auto node = std::make_shared<writing>(said);
  node->on_event = [&] { complete_with(queue, say("called")); };
  on->add(node);
  EXPECT_EQ(io.run_one(), 1u);
  EXPECT_THAT(said, ElementsAre("called"));
}

TEST_F(CompletionQueue, leaves_what_a_handler_completes_to_the_next_pass) {
  complete_with(queue, [&](int) { complete_with(queue, say("next")); });
  EXPECT_EQ(io.run_one(), 1u);
  EXPECT_TRUE(said.empty());
  EXPECT_EQ(io.run_one(), 1u);
  EXPECT_THAT(said, ElementsAre("next"));
}

TEST_F(CompletionQueue, lets_other_handlers_of_the_context_run_beside_an_endless_chain) {
  int calls = 0;
  std::function<void(int)> again = [&](int) {
    ++calls;
    complete_with(queue, again);
  };
  complete_with(queue, again);
  boost::asio::post(io, [&] { io.stop(); });
  io.run();
  EXPECT_GT(calls, 0);
  EXPECT_LT(calls, 10);
  again = [](int) {};
}

TEST_F(CompletionQueue, lets_what_a_handler_wrote_leave_in_the_same_pass) {
  const auto node = std::make_shared<writing>(said);
  on->add(node);
  io.poll();
  complete_with(queue, [&](int) {
    said.emplace_back("called");
    node->has_output = true;
    on->touch();
  });
  io.restart();
  EXPECT_EQ(io.run_one(), 1u);
  EXPECT_THAT(said, ElementsAre("called", "written"));
}

TEST_F(CompletionQueue, waits_until_bulk_data_is_acknowledged) {
  const auto node = std::make_shared<writing>(said);
  on->add(node);
  io.poll();
  io.restart();
  complete_with(queue, say("called"));
  node->has_output = true;
  on->expect_bulk();
  EXPECT_EQ(io.run_one(), 1u);
  EXPECT_THAT(said, ElementsAre("written", "called"));
}

TEST_F(CompletionQueue, calls_no_further_handler_once_the_context_is_stopped) {
  complete_with(queue, [&](int) {
    said.emplace_back("stops");
    io.stop();
  });
  complete_with(queue, say("later"));
  io.run();
  EXPECT_THAT(said, ElementsAre("stops"));
  io.restart();
  io.run();
  EXPECT_THAT(said, ElementsAre("stops", "later"));
}

TEST_F(CompletionQueue, goes_on_after_a_handler_that_throws) {
  complete_with(queue, [&](int) { throw std::runtime_error("a handler's"); });
  complete_with(queue, say("next"));
  EXPECT_THROW(io.run(), std::runtime_error);
  io.restart();
  io.run();
  EXPECT_THAT(said, ElementsAre("next"));
}

TEST_F(CompletionQueue, passes_a_handler_to_the_executor_that_it_wants) {
  boost::asio::thread_pool pool(1);
  std::promise<std::thread::id> where;
  complete_with(queue,
                boost::asio::bind_executor(pool, [&](int) { where.set_value(std::this_thread::get_id()); }));
  io.run();
  EXPECT_TRUE(where.get_future().get() != std::this_thread::get_id());
  pool.join();
}

TEST_F(CompletionQueue, posts_a_handler_of_another_executor_at_once) {
  boost::asio::io_context elsewhere;
  complete_with(queue, boost::asio::bind_executor(elsewhere, say("called")));
  EXPECT_EQ(elsewhere.poll(), 1u);
  EXPECT_THAT(said, ElementsAre("called"));
}

TEST_F(CompletionQueue, knows_the_loops_executor_in_any_form) {
  complete_with(queue,
                boost::asio::bind_executor(boost::asio::any_io_executor(io.get_executor()), say("called")));
  EXPECT_FALSE(queue.empty());
  io.run();
  EXPECT_THAT(said, ElementsAre("called"));
}

TEST_F(CompletionQueue, posts_what_is_left_when_the_loop_goes) {
  const auto left = on->completions();
  complete_with(*left, say("before"));
  on.reset();
  complete_with(*left, say("after"));
  EXPECT_TRUE(said.empty());
  io.run();
  EXPECT_THAT(said, ElementsAre("before", "after"));
}

TEST_F(CompletionQueue, keeps_the_context_running_until_the_handler_was_called) {
  auto pending = detail::make_operation<int>(say("called"), queue);
  boost::asio::post(io, [&] { pending.complete(1); });
  io.run();
  EXPECT_THAT(said, ElementsAre("called"));
}

}  // namespace gof::net
