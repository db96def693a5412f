#include "world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffers_iterator.hpp>
#include <boost/asio/cancellation_signal.hpp>

using namespace gof;
using gof::testing::outcome;
using gof::testing::world;
using namespace std::chrono_literals;
using boost::system::error_code;

namespace {

namespace io_error = boost::asio::error;

template <class Buffers>
std::string text_of(const Buffers& all) {
  return {boost::asio::buffers_begin(all), boost::asio::buffers_end(all)};
}

class Waiting : public ::testing::TestWithParam<bool> {
 protected:
  world w;
  acceptor from{*w.server};
  std::pair<stream, stream> both = w.join(from);
  stream& here = GetParam() ? both.first : both.second;
  stream& there = GetParam() ? both.second : both.first;
  outcome<> waited;

  void wait(stream& at, stream::wait_type what) { at.async_wait(what, waited.plain_handler()); }
  bool over() {
    return w.run_until([&] { return waited.times > 0; });
  }
  /// Runs until nothing more happens.
  void quiet() { w.run_for(50ms); }
  void shut(stream& s) {
    error_code error;
    s.shutdown_send(error);
    EXPECT_FALSE(error) << error.message();
  }
};

INSTANTIATE_TEST_SUITE_P(sides, Waiting, ::testing::Bool(),
                         [](const auto& side) { return side.param ? "by_opener" : "by_accepter"; });

}  // namespace

TEST_P(Waiting, for_taken_ends_when_the_other_side_has_read_the_last_byte) {
  const std::string much(300'000, 'm');
  std::size_t sent = 0;
  std::function<void()> send = [&] {
    here.async_write_some(boost::asio::buffer(much) + sent, [&](error_code e, std::size_t size) {
      ASSERT_FALSE(e);
      if ((sent += size) < much.size()) return send();
      shut(here);
    });
  };
  send();
  wait(here, stream::wait_taken);
  quiet();
  EXPECT_EQ(waited.times, 0);
  EXPECT_EQ(here.unconfirmed(), here.written());
  EXPECT_EQ(w.read(there, much.size() - 1).size(), much.size() - 1);
  quiet();
  EXPECT_EQ(waited.times, 0);
  EXPECT_EQ(w.read(there, 1), "m");
  EXPECT_EQ(w.read_end(there), io_error::eof);
  ASSERT_TRUE(over());
  EXPECT_FALSE(waited.error) << waited.error.message();
  EXPECT_EQ(here.unconfirmed(), 0u);
  EXPECT_EQ(here.written(), much.size());
}

TEST_P(Waiting, for_taken_of_a_side_that_holds_it_ends_when_that_says_so) {
  there.hold_taken();
  EXPECT_FALSE(w.write(here, "twelve bytes"));
  shut(here);
  wait(here, stream::wait_taken);
  EXPECT_EQ(w.read(there, 12), "twelve bytes");
  EXPECT_EQ(w.read_end(there), io_error::eof);
  there.taken(5);
  shut(there);
  EXPECT_EQ(w.read_end(here), io_error::eof);
  EXPECT_EQ(here.unconfirmed(), 7u);
  quiet();
  EXPECT_EQ(waited.times, 0);
  there.taken(12);
  ASSERT_TRUE(over());
  EXPECT_FALSE(waited.error);
  EXPECT_TRUE(w.run_until([&] { return w.all_freed(); }));
}

TEST_P(Waiting, for_taken_tells_a_reset_and_what_is_not_confirmed) {
  EXPECT_FALSE(w.write(here, "twelve bytes"));
  shut(here);
  wait(here, stream::wait_taken);
  EXPECT_EQ(w.read(there, 4), "twel");
  there.reset();
  ASSERT_TRUE(over());
  EXPECT_EQ(waited.error, errc::reset);
  EXPECT_EQ(here.unconfirmed(), 8u);
}

TEST_P(Waiting, for_an_error_ends_with_the_reset_before_what_came_ahead_of_it_is_read) {
  wait(here, stream::wait_error);
  EXPECT_FALSE(w.write(there, "last words"));
  quiet();
  EXPECT_EQ(waited.times, 0);
  there.reset();
  ASSERT_TRUE(over());
  EXPECT_EQ(waited.error, errc::reset);
  EXPECT_FALSE(here.is_open());
  EXPECT_EQ(w.write(here, "x"), errc::reset);
  EXPECT_EQ(w.read(here, 10), "last words");
  EXPECT_EQ(w.read_end(here), errc::reset);
  EXPECT_TRUE(w.run_until([&] { return w.all_freed(); }));
}

TEST_P(Waiting, for_an_error_ends_with_eof_when_the_stream_ended_well) {
  wait(here, stream::wait_error);
  shut(here);
  shut(there);
  EXPECT_EQ(w.read_end(here), io_error::eof);
  EXPECT_EQ(w.read_end(there), io_error::eof);
  ASSERT_TRUE(over());
  EXPECT_EQ(waited.error, io_error::eof);
}

TEST_P(Waiting, to_write_ends_when_a_whole_message_has_room) {
  EXPECT_TRUE(here.is_writable());
  std::string much(1 << 20, 'm');
  outcome<> written;
  while (here.is_writable()) {
    written = {};
    here.async_write_some(boost::asio::buffer(much), written.handler());
    w.run_for(5ms);
    ASSERT_TRUE(written.times);
  }
  wait(here, stream::wait_write);
  quiet();
  EXPECT_EQ(waited.times, 0);
  while (waited.times == 0) ASSERT_FALSE(w.read(there, 1000).empty());
  EXPECT_FALSE(waited.error);
  EXPECT_TRUE(here.is_writable());
}

TEST_P(Waiting, to_read_ends_when_bytes_arrive_which_can_be_read_in_place) {
  wait(here, stream::wait_read);
  quiet();
  EXPECT_EQ(waited.times, 0);
  EXPECT_TRUE(here.data().empty());
  EXPECT_FALSE(w.write(there, "one two"));
  ASSERT_TRUE(over());
  EXPECT_FALSE(waited.error);
  EXPECT_EQ(text_of(here.data()), "one two");
  here.consume(4);
  EXPECT_EQ(text_of(here.data()), "two");
  waited = {};
  wait(here, stream::wait_read);  // there is more
  ASSERT_TRUE(over());
  EXPECT_FALSE(waited.error);
  EXPECT_EQ(w.read(here, 3), "two");
  EXPECT_TRUE(here.data().empty());
}

TEST_P(Waiting, to_read_ends_with_eof_once_everything_was_consumed) {
  EXPECT_FALSE(w.write(there, "last"));
  shut(there);
  ASSERT_TRUE(w.run_until([&] { return !here.data().empty(); }));
  wait(here, stream::wait_read);
  ASSERT_TRUE(over());
  EXPECT_FALSE(waited.error);
  here.consume(4);
  waited = {};
  wait(here, stream::wait_read);
  ASSERT_TRUE(over());
  EXPECT_EQ(waited.error, io_error::eof);
}

TEST_P(Waiting, to_read_ends_with_the_reset_after_the_bytes_before_it) {
  EXPECT_FALSE(w.write(there, "last words"));
  there.reset();
  ASSERT_TRUE(w.run_until([&] { return !here.is_open(); }));
  wait(here, stream::wait_read);
  ASSERT_TRUE(over());
  EXPECT_FALSE(waited.error);
  EXPECT_EQ(text_of(here.data()), "last words");
  here.consume(10);
  waited = {};
  wait(here, stream::wait_read);
  ASSERT_TRUE(over());
  EXPECT_EQ(waited.error, errc::reset);
}

TEST_P(Waiting, shows_no_data_that_a_pending_read_would_take) {
  char space[8];
  outcome<> read;
  here.async_read_some(boost::asio::buffer(space), read.handler());
  EXPECT_FALSE(w.write(there, "x"));
  ASSERT_TRUE(w.run_until([&] { return read.times > 0; }));
  EXPECT_TRUE(here.data().empty());
  EXPECT_EQ(read.value, 1u);
}

TEST_P(Waiting, what_is_written_in_place_arrives_in_order) {
  std::string sent;
  for (std::size_t most = 1; here.is_writable(); most = most * 5 % 70'001) {
    const auto room = here.prepare(most);
    ASSERT_GT(room.size(), 0u);
    ASSERT_LE(room.size(), most);
    const std::string part(room.size() - room.size() / 3, static_cast<char>('a' + most % 26));
    boost::asio::buffer_copy(room, boost::asio::buffer(part));
    here.commit(part.size());
    sent += part;
  }
  EXPECT_EQ(here.written(), sent.size());
  EXPECT_EQ(w.read(there, sent.size()), sent);
}

TEST_P(Waiting, nothing_written_in_place_changes_nothing) {
  EXPECT_GT(here.prepare(1000).size(), 0u);
  here.commit(0);
  EXPECT_EQ(here.written(), 0u);
  shut(here);
  EXPECT_EQ(w.read_end(there), io_error::eof);
  EXPECT_EQ(here.prepare(1000).size(), 0u) << "after its end";
}

TEST_P(Waiting, bytes_written_in_place_count_before_an_announced_reset) {
  here.reset(3);
  const auto room = here.prepare(100);
  EXPECT_EQ(room.size(), 3u);
  boost::asio::buffer_copy(room, boost::asio::buffer("end", 3));
  here.commit(3);
  EXPECT_EQ(w.read(there, 3), "end");
  EXPECT_EQ(w.read_end(there), errc::reset);
}

TEST_P(Waiting, ends_by_cancellation_and_a_second_of_a_type_at_once) {
  boost::asio::cancellation_signal stop;
  here.async_wait(stream::wait_error,
                  boost::asio::bind_cancellation_slot(stop.slot(), waited.plain_handler()));
  outcome<> second;
  here.async_wait(stream::wait_error, second.plain_handler());
  ASSERT_TRUE(w.run_until([&] { return second.times > 0; }));
  EXPECT_EQ(second.error, io_error::in_progress);
  stop.emit(boost::asio::cancellation_type::terminal);
  ASSERT_TRUE(over());
  EXPECT_EQ(waited.error, io_error::operation_aborted);
  EXPECT_TRUE(here.is_open());
}

TEST_P(Waiting, reset_delivers_what_was_written_and_bytes_that_are_yet_to_be) {
  EXPECT_FALSE(w.write(here, "one "));
  here.reset(3);
  wait(there, stream::wait_error);
  ASSERT_TRUE(over());
  EXPECT_EQ(w.read_end(here), errc::reset);
  EXPECT_FALSE(w.write(here, "two"));
  EXPECT_EQ(w.write(here, "three"), errc::reset);
  EXPECT_EQ(w.read(there, 7), "one two");
  EXPECT_EQ(w.read_end(there), errc::reset);
  EXPECT_TRUE(w.run_until([&] { return w.all_freed(); }));
}

TEST_P(Waiting, abort_drops_what_waits) {
  const std::string much(200'000, 'm');
  outcome<> written;
  here.async_write_some(boost::asio::buffer(much), written.handler());
  ASSERT_TRUE(w.run_until([&] { return written.times > 0; }));
  here.abort();
  error_code error;
  EXPECT_LT(w.read(there, much.size(), error).size(), much.size());
  EXPECT_EQ(error, errc::reset);
  EXPECT_TRUE(w.run_until([&] { return w.all_freed(); }));
}

TEST_P(Waiting, close_delivers_and_does_not_confirm_what_nobody_took) {
  EXPECT_FALSE(w.write(here, "answer"));
  EXPECT_FALSE(w.write(there, "never read"));
  here.close();
  EXPECT_EQ(w.read(there, 6), "answer");
  EXPECT_EQ(w.read_end(there), io_error::eof);
  shut(there);
  wait(there, stream::wait_taken);
  ASSERT_TRUE(over());
  EXPECT_EQ(waited.error, errc::reset);
  EXPECT_EQ(there.unconfirmed(), 10u);
  EXPECT_TRUE(w.run_until([&] { return w.all_freed(); }));
}
