#include "dial/host_names.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace gof::dial {
namespace {

namespace io_error = boost::asio::error;
using namespace std::chrono_literals;
using boost::asio::ip::make_address;
using clock = std::chrono::steady_clock;

/// A resolver that does not answer dead names until they are released. Threads hold it.
struct resolver {
  std::mutex guard;
  std::condition_variable change;
  int releases = 0;
  std::map<std::string, int> asked;

  lookup_answer look_up(const std::string& name) {
    std::unique_lock lock(guard);
    ++asked[name];
    change.notify_all();
    if (name.starts_with("dead")) change.wait(lock, [&, before = releases] { return releases != before; });
    if (name.starts_with("live")) return {{}, {make_address("192.0.2.1")}};
    return {io_error::host_not_found, {}};
  }
  void release() {
    const std::lock_guard lock(guard);
    ++releases;
    change.notify_all();
  }
  int times(const std::string& name) {
    const std::lock_guard lock(guard);
    return asked[name];
  }
  void wait_asked(std::size_t names) {
    std::unique_lock lock(guard);
    change.wait(lock, [&] { return asked.size() >= names; });
  }
};

class LookupPool : public ::testing::Test {
 protected:
  struct told {
    int times = 0;
    lookup_answer answer;
    clock::duration after{};
  };

  LookupPool() { remake(10s); }
  ~LookupPool() override { names->release(); }
  void remake(std::chrono::milliseconds idle) {
    pool = std::make_unique<lookup_pool>(
        [held = names](const std::string& name) { return held->look_up(name); }, idle);
  }
  std::shared_ptr<lookup> ask(const std::string& name, std::chrono::milliseconds limit, told& to) {
    return lookup::start(
        io.get_executor(), name, limit,
        [&to, begun = clock::now()](const lookup_answer& answer) {
          ++to.times;
          to.answer = answer;
          to.after = clock::now() - begun;
        },
        *pool);
  }

  boost::asio::io_context io;
  std::shared_ptr<resolver> names = std::make_shared<resolver>();
  std::unique_ptr<lookup_pool> pool;
};

}  // namespace

TEST_F(LookupPool, gives_addresses_on_the_loop_and_not_before_start_returned) {
  told live;
  ask("live", 10s, live);
  EXPECT_EQ(live.times, 0);
  io.run();
  EXPECT_EQ(live.times, 1);
  EXPECT_FALSE(live.answer.error);
  EXPECT_EQ(live.answer.addresses, std::vector{make_address("192.0.2.1")});
}

TEST_F(LookupPool, says_what_the_resolver_says) {
  told nobody;
  ask("nobody", 10s, nobody);
  io.run();
  EXPECT_EQ(nobody.answer.error, io_error::host_not_found);
}

TEST_F(LookupPool, is_not_asked_for_what_is_no_name) {
  const std::map<std::string, std::vector<std::string>> known{{"192.0.2.7", {"192.0.2.7"}},
                                                              {"2001:db8::7", {"2001:db8::7"}},
                                                              {"127.1", {"127.0.0.1"}},
                                                              {"localhost", {"::1", "127.0.0.1"}}};
  for (const auto& [host, addresses] : known) {
    told one;
    ask(host, 10s, one);
    EXPECT_EQ(one.times, 0) << "only after start() has returned";
    io.restart();
    io.run();
    std::vector<std::string> got;
    for (const auto& address : one.answer.addresses) got.push_back(address.to_string());
    EXPECT_EQ(got, addresses) << host;
  }
  EXPECT_EQ(pool->threads(), 0u);
}

TEST_F(LookupPool, looks_a_name_up_once_however_many_ask) {
  std::vector<told> all(100);
  for (auto& one : all) ask("dead", 10s, one);
  names->wait_asked(1);
  names->release();
  io.run();
  EXPECT_EQ(names->times("dead"), 1);
  for (const auto& one : all) EXPECT_EQ(one.answer.error, io_error::host_not_found);
}

TEST_F(LookupPool, holds_each_asker_to_its_own_limit) {
  told early, late;
  ask("dead", 100ms, early);
  ask("dead", 10s, late);
  while (early.times == 0) io.run_one();
  EXPECT_EQ(early.answer.error, io_error::timed_out);
  EXPECT_GE(early.after, 100ms);
  EXPECT_EQ(late.times, 0);
  names->release();
  io.run();
  EXPECT_EQ(late.answer.error, io_error::host_not_found);
  EXPECT_EQ(early.times, 1);
}

TEST_F(LookupPool, answers_a_live_name_beside_33_dead_ones) {
  std::vector<told> dead(33);
  for (std::size_t i = 0; i < dead.size(); ++i) ask("dead" + std::to_string(i), 5s, dead[i]);
  names->wait_asked(lookup_pool::most_threads - lookup_pool::reserved);
  told live;
  ask("live", 5s, live);
  while (live.times == 0) io.run_one();
  EXPECT_FALSE(live.answer.error);
  EXPECT_LT(live.after, 2s);
  EXPECT_LE(pool->threads(), lookup_pool::most_threads);
}

TEST_F(LookupPool, answers_a_live_name_at_once_beside_33_that_were_dead_last_time) {
  std::vector<told> dead(33), again(33);
  const auto name = [](std::size_t i) { return "dead" + std::to_string(i); };
  // In parts, so that each gets a thread: nothing is remembered of names that were not looked up.
  for (std::size_t part = 0; part < dead.size(); part += 11) {
    for (std::size_t i = part; i < part + 11; ++i) ask(name(i), 50ms, dead[i]);
    io.restart();
    io.run();
    names->release();
  }
  for (const auto& one : dead) EXPECT_EQ(one.answer.error, io_error::timed_out);
  for (std::size_t i = 0; i < again.size(); ++i) ask(name(i), 5s, again[i]);
  told live;
  ask("live", 5s, live);
  io.restart();
  while (live.times == 0) io.run_one();
  EXPECT_FALSE(live.answer.error);
  EXPECT_LT(live.after, lookup_pool::reserve_pace);
}

TEST_F(LookupPool, blames_no_name_that_had_no_thread) {
  std::vector<told> dead(27);
  for (std::size_t i = 0; i < dead.size(); ++i) ask("dead" + std::to_string(i), 10s, dead[i]);
  names->wait_asked(dead.size());
  told live, waiting;
  ask("live", 200ms, waiting);  // three of the reserve are in use; the fourth starts after 2 s
  while (waiting.times == 0) io.run_one();
  EXPECT_EQ(waiting.answer.error, io_error::try_again);
  ask("live", 5s, live);
  while (live.times == 0) io.run_one();
  EXPECT_FALSE(live.answer.error);
}

TEST_F(LookupPool, refuses_names_beyond_its_bound) {
  std::vector<told> all(lookup_pool::most_names + 1);
  std::vector<std::shared_ptr<lookup>> asked;
  for (std::size_t i = 0; i < all.size(); ++i) asked.push_back(ask("dead" + std::to_string(i), 10s, all[i]));
  while (all.back().times == 0) io.run_one();
  EXPECT_EQ(all.back().answer.error, io_error::try_again);
  EXPECT_EQ(all.front().times, 0);
  // Waiting names are forgotten once nothing asks for them; those under way are remembered.
  for (const auto& one : asked) one->cancel();
  asked.clear();
  told one_more;
  ask("dead", 50ms, one_more);
  io.run();
  EXPECT_EQ(one_more.times, 1);
  EXPECT_EQ(all.front().times, 0) << "it was cancelled";
}

TEST_F(LookupPool, lets_idle_threads_end) {
  remake(20ms);
  std::vector<told> all(3);
  for (std::size_t i = 0; i < all.size(); ++i) ask("live" + std::to_string(i), 10s, all[i]);
  io.run();
  EXPECT_GE(pool->threads(), 1u);
  const auto end = clock::now() + 10s;
  while (pool->threads() > 0 && clock::now() < end) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(pool->threads(), 0u);
}

TEST_F(LookupPool, ends_without_waiting_for_a_thread) {
  told dead;
  const auto asked = ask("dead", 10s, dead);
  names->wait_asked(1);
  asked->cancel();
  pool.reset();
  io.run();
  EXPECT_EQ(dead.times, 0);
  // The thread ends later, without the pool and the loop: it must not touch either.
}

TEST_F(LookupPool, answer_after_the_end_of_the_loop_is_dropped) {
  told dead;
  {
    boost::asio::io_context other;
    lookup::start(
        other.get_executor(), "dead", 10s, [&](const lookup_answer&) { ++dead.times; }, *pool);
    names->wait_asked(1);
  }
  names->release();
  told live;
  ask("live", 10s, live);
  io.run();
  EXPECT_FALSE(live.answer.error);
  EXPECT_EQ(dead.times, 0);
}

TEST_F(LookupPool, several_hosts_at_once_are_there_or_the_first_that_failed) {
  std::optional<looked_up> good, bad;
  host_lookup::start(
      io.get_executor(), {"live1", "192.0.2.9", "live2", "live1"}, 10s,
      [&](const looked_up& all) { good = all; }, *pool);
  io.run();
  ASSERT_TRUE(good);
  EXPECT_FALSE(good->error);
  for (const auto* host : {"live1", "live2"})
    EXPECT_EQ(good->found.addresses(host), std::vector{make_address("192.0.2.1")});
  EXPECT_EQ(good->found.addresses("192.0.2.9"), std::vector{make_address("192.0.2.9")});
  EXPECT_EQ(names->times("live1"), 1);
  io.restart();
  host_lookup::start(
      io.get_executor(), {"dead", "nobody"}, 10s, [&](const looked_up& all) { bad = all; }, *pool);
  io.run();
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->failed, "nobody");
  EXPECT_EQ(bad->error, io_error::host_not_found);
}

}  // namespace gof::dial
