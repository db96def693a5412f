#include "world.hpp"

using namespace gof;
using gof::testing::outcome;
using gof::testing::world;
using namespace std::chrono_literals;
using boost::system::error_code;

namespace {

void shut(stream& s) {
  error_code error;
  s.shutdown_send(error);
  EXPECT_FALSE(error) << error.message();
}

/// Runs each test for both ends, since opener and accepter must behave alike.
class Ending : public ::testing::TestWithParam<bool> {
 protected:
  world w;
  acceptor from{*w.server};
  std::pair<stream, stream> both = w.join(from);
  stream& here = GetParam() ? both.first : both.second;
  stream& there = GetParam() ? both.second : both.first;
};

INSTANTIATE_TEST_SUITE_P(sides, Ending, ::testing::Bool(),
                         [](const auto& side) { return side.param ? "by_opener" : "by_accepter"; });

}  // namespace

TEST_P(Ending, half_close_is_seen_behind_the_last_byte_and_the_other_direction_goes_on) {
  EXPECT_FALSE(w.write(here, "question"));
  shut(here);
  error_code error;
  EXPECT_EQ(w.read(there, 100, error), "question");
  EXPECT_EQ(error, boost::asio::error::eof);
  EXPECT_EQ(w.read_end(there), boost::asio::error::eof);
  const std::string answer(1 << 20, 'a');
  outcome<> written;
  std::size_t sent = 0;
  std::function<void()> send = [&] {
    there.async_write_some(boost::asio::buffer(answer) + sent, [&](error_code e, std::size_t size) {
      sent += size;
      written.error = e;
      if (e || sent == answer.size()) return void(written.times = 1);
      send();
    });
  };
  send();
  EXPECT_EQ(w.read(here, answer.size()), answer);
  ASSERT_TRUE(w.run_until([&] { return written.times > 0; }));
  EXPECT_FALSE(written.error);
  shut(there);
  EXPECT_EQ(w.read_end(here), boost::asio::error::eof);
  EXPECT_TRUE(w.run_until([&] { return w.all_freed(); }));
}

TEST_P(Ending, write_after_half_close_is_a_broken_pipe) {
  shut(here);
  EXPECT_EQ(w.write(here, "more"), boost::asio::error::broken_pipe);
}

TEST_P(Ending, reset_is_seen_as_reset_and_frees_both) {
  EXPECT_FALSE(w.write(there, "x"));
  outcome<> read;
  char space[16];
  ASSERT_EQ(w.read(here, 1), "x");
  there.async_read_some(boost::asio::buffer(space), read.handler());
  here.reset();
  EXPECT_FALSE(here.is_open());
  ASSERT_TRUE(w.run_until([&] { return read.times > 0; }));
  EXPECT_EQ(read.error, errc::reset);
  EXPECT_FALSE(there.is_open());
  EXPECT_EQ(w.write(there, "y"), errc::reset);
  error_code error;
  there.shutdown_send(error);
  EXPECT_EQ(error, errc::reset);
  EXPECT_TRUE(w.run_until([&] { return w.all_freed(); }));
}

TEST_P(Ending, destruction_of_an_unfinished_stream_is_a_reset) {
  { const stream gone(std::move(here)); }
  EXPECT_EQ(w.read_end(there), errc::reset);
  EXPECT_TRUE(w.run_until([&] { return w.all_freed(); }));
}

TEST_P(Ending, close_delivers_what_was_written) {
  const std::string all(500'000, 'z');
  std::string got;
  outcome<> written;
  std::size_t sent = 0;
  std::function<void()> send = [&] {
    here.async_write_some(boost::asio::buffer(all) + sent, [&](error_code e, std::size_t size) {
      sent += size;
      written.error = e;
      if (!e && sent < all.size()) return send();
      here.close();
      written.times = 1;
    });
  };
  send();
  error_code error;
  got = w.read(there, all.size() + 1, error);
  EXPECT_TRUE(got == all) << got.size();
  EXPECT_EQ(error, boost::asio::error::eof);
  EXPECT_EQ(written.times, 1);
  // What is sent to the closed side is dropped, and blocks nothing.
  EXPECT_FALSE(w.write(there, std::string(3 << 20, 'q')));
  shut(there);
  EXPECT_TRUE(w.run_until([&] { return w.all_freed(); }));
}

TEST_P(Ending, both_closing_at_once_frees_both) {
  EXPECT_FALSE(w.write(here, "a"));
  EXPECT_FALSE(w.write(there, "b"));
  here.close();
  there.close();
  EXPECT_TRUE(w.run_until([&] { return w.all_freed(); }));
}

TEST_P(Ending, cancel_aborts_what_is_pending_and_leaves_the_stream) {
  char space[16];
  outcome<> read;
  here.async_read_some(boost::asio::buffer(space), read.handler());
  here.cancel();
  ASSERT_TRUE(w.run_until([&] { return read.times > 0; }));
  EXPECT_EQ(read.error, boost::asio::error::operation_aborted);
  EXPECT_TRUE(here.is_open());
  EXPECT_FALSE(w.write(there, "after"));
  EXPECT_EQ(w.read(here, 5), "after");
}

TEST_P(Ending, a_reset_in_front_of_any_operation_fails_each_later_one_once_and_frees_all) {
  constexpr int write = 0, read = 1, finish = 2, read_on = 3, steps = 4;
  for (int doomed = 0; doomed < steps; ++doomed) {
    SCOPED_TRACE("reset in front of step " + std::to_string(doomed));
    auto [near, far] = w.join(from);
    auto& mine = GetParam() ? near : far;
    auto& other = GetParam() ? far : near;
    outcome<> done[steps];
    char space[8];
    for (int step = 0; step < steps; ++step) {
      if (step == doomed) other.reset();
      if (step == write) mine.async_write_some(boost::asio::buffer("ping", 4), done[step].handler());
      if (step == read && doomed > read) {
        EXPECT_FALSE(w.write(other, "pong"));
      }
      if (step == read || step == read_on)
        mine.async_read_some(boost::asio::buffer(space), done[step].handler());
      if (step == finish) {
        mine.shutdown_send(done[step].error);
        done[step].times = 1;
      }
      ASSERT_TRUE(w.run_until([&] { return done[step].times > 0; })) << "step " << step;
      if (step < doomed) {
        EXPECT_FALSE(done[step].error) << done[step].error.message();
      }
      // A write or a finish may happen before the reset arrives; a read waits for it.
      if (step >= doomed && (step == read || step == read_on)) {
        EXPECT_EQ(done[step].error, errc::reset);
      }
    }
    w.run_for(10ms);
    for (const auto& one : done) EXPECT_EQ(one.times, 1);
  }
  here.close();
  there.close();
  EXPECT_TRUE(w.run_until([&] { return w.all_freed(); }));
}
