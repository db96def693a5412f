#include "os/background_tasks.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace gof::os {
namespace {

using namespace std::chrono_literals;

TEST(BackgroundTasks, works_on_another_thread_and_tells_the_loop) {
  boost::asio::io_context io;
  background_tasks beside(io.get_executor(), 10s);
  const auto here = std::this_thread::get_id();
  std::thread::id worked, told;
  ASSERT_TRUE(beside.run([&] {
    worked = std::this_thread::get_id();
    return [&] { told = std::this_thread::get_id(); };
  }));
  while (told == std::thread::id()) io.run_for(10ms), io.restart();
  EXPECT_NE(worked, here);
  EXPECT_EQ(told, here);
}

TEST(BackgroundTasks, tells_nothing_once_it_is_gone) {
  boost::asio::io_context io;
  bool told = false;
  std::promise<void> go;
  {
    background_tasks beside(io.get_executor(), 10s);
    beside.run([&] { return [&] { told = true; }; });
    beside.run([&, ready = go.get_future().share()] {
      ready.wait();
      return [&] { told = true; };
    });
    std::thread([&] { go.set_value(); }).detach();
  }  // both have finished here
  io.run();
  EXPECT_FALSE(told);
}

TEST(BackgroundTasks, waits_for_work_under_way_and_not_for_long) {
  boost::asio::io_context io;
  auto go = std::make_shared<std::promise<void>>();
  auto over = std::make_shared<std::promise<void>>();
  const auto since = std::chrono::steady_clock::now();
  {
    background_tasks beside(io.get_executor(), 50ms);
    beside.run([go, over] {
      go->get_future().wait();
      return [over] {};
    });
  }
  EXPECT_GE(std::chrono::steady_clock::now() - since, 50ms);
  const std::weak_ptr<std::promise<void>> left = over;
  over.reset();
  EXPECT_FALSE(left.expired()) << "its thread is still busy";
  go->set_value();
  while (!left.expired()) std::this_thread::yield();
}

}  // namespace
}  // namespace gof::os
