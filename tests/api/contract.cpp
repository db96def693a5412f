// What the headers promise of cancelled operations, and of objects that are over, closed or moved from.
#include "world.hpp"

#include <gof/version.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

using namespace gof;
using gof::testing::outcome;
using gof::testing::world;
using namespace std::chrono_literals;
using boost::system::error_code;

namespace {

namespace io_error = boost::asio::error;

const auto aborted = boost::asio::error::operation_aborted;

/// Writes until a write stays pending. When the constructor returns, it is.
struct flood {
  flood(world& w, stream& into) : into_(into) {
    write_on();
    std::uint64_t before = 0;
    do {
      before = into.written();
      w.run_for(100ms);
    } while (into.written() != before);
    EXPECT_EQ(last.times, 0);
  }

  void write_on() {
    into_.async_write_some(
        boost::asio::buffer(block_),
        boost::asio::bind_cancellation_slot(stop.slot(), [this](error_code e, std::size_t size) {
          if (!e) return write_on();
          last.handler()(e, size);
        }));
  }

  boost::asio::cancellation_signal stop;
  outcome<> last;

 private:
  stream& into_;
  std::string block_ = std::string(1 << 20, 'b');
};

/// Reads to the end, or to an error.
std::uint64_t read_all(world& w, stream& from) {
  std::uint64_t total = 0;
  std::string space(1 << 20, '\0');
  while (true) {
    outcome<> read;
    from.async_read_some(boost::asio::buffer(space), read.handler());
    EXPECT_TRUE(w.run_until([&] { return read.times > 0; }));
    if (read.error || read.times == 0) return total;
    total += read.value;
  }
}

}  // namespace

TEST(Cancelled, read_has_taken_nothing) {
  world w;
  acceptor from(*w.server);
  auto [near, far] = w.join(from);
  char space[16] = {};
  boost::asio::cancellation_signal stop;
  outcome<> read;
  near.async_read_some(boost::asio::buffer(space),
                       boost::asio::bind_cancellation_slot(stop.slot(), read.handler()));
  EXPECT_FALSE(w.write(far, "all of it"));
  stop.emit(boost::asio::cancellation_type::total);
  ASSERT_TRUE(w.run_until([&] { return read.times > 0; }));
  if (read.error) {
    EXPECT_EQ(read.error, aborted);
    EXPECT_EQ(read.value, 0u);
    EXPECT_EQ(w.read(near, 9), "all of it");
  } else {
    EXPECT_EQ(read.value, 9u) << "the bytes arrived before the cancellation";
  }
}

TEST(Cancelled, write_has_put_nothing) {
  world w;
  acceptor from(*w.server);
  auto [near, far] = w.join(from);
  flood all(w, near);
  const auto before = near.written();
  all.stop.emit(boost::asio::cancellation_type::total);
  ASSERT_TRUE(w.run_until([&] { return all.last.times > 0; }));
  EXPECT_EQ(all.last.error, aborted);
  EXPECT_EQ(all.last.value, 0u);
  EXPECT_EQ(near.written(), before);
  error_code error;
  near.shutdown_send(error);
  EXPECT_EQ(read_all(w, far), before);
}

TEST(Cancelled, connect_goes_on_with_the_opening) {
  world w;
  acceptor from(*w.server, "echo");
  stream near(*w.client);
  boost::asio::cancellation_signal stop;
  outcome<> connected, again;
  near.async_connect(w.to("echo"),
                     boost::asio::bind_cancellation_slot(stop.slot(), connected.plain_handler()));
  auto asked = w.accept(from);
  stop.emit(boost::asio::cancellation_type::terminal);
  ASSERT_TRUE(w.run_until([&] { return connected.times > 0; }));
  EXPECT_EQ(connected.error, aborted);
  EXPECT_FALSE(near.is_open());
  near.async_connect(w.to("echo"), again.plain_handler());
  ASSERT_TRUE(w.run_until([&] { return again.times > 0; }));
  EXPECT_EQ(again.error, io_error::already_connected);
  auto far = asked.accept();
  EXPECT_TRUE(w.run_until([&] { return near.is_open(); }));
}

TEST(Cancelled, accept_leaves_the_question_to_the_next) {
  world w;
  acceptor from(*w.server, "echo");
  boost::asio::cancellation_signal stop;
  outcome<incoming> first;
  from.async_accept(boost::asio::bind_cancellation_slot(stop.slot(), first.handler()));
  stop.emit(boost::asio::cancellation_type::partial);
  stream near(*w.client);
  outcome<> connected;
  near.async_connect(w.to("echo"), connected.plain_handler());
  auto far = w.accept(from).accept();
  ASSERT_TRUE(w.run_until([&] { return connected.times > 0; }));
  EXPECT_FALSE(connected.error);
  EXPECT_EQ(first.error, aborted);
  EXPECT_FALSE(first.value);
}

TEST(Cancelled, probe_is_taken_back_at_the_peer) {
  world w;
  acceptor from(*w.server, "echo");
  boost::asio::cancellation_signal stop;
  outcome<std::string> probed;
  outcome<> gone;
  w.client->async_probe(w.to("echo"), boost::asio::bind_cancellation_slot(stop.slot(), probed.handler()));
  auto asked = w.accept(from);
  asked.async_wait_gone(gone.plain_handler());
  stop.emit(boost::asio::cancellation_type::terminal);
  ASSERT_TRUE(w.run_until([&] { return probed.times > 0 && gone.times > 0; }));
  EXPECT_EQ(probed.error, aborted);
  EXPECT_EQ(gone.error, errc::reset);
  EXPECT_FALSE(asked.proves(w.granted.token)) << "the request has ended";
}

TEST(HalfClose, ends_a_pending_write_of_which_nothing_is_sent) {
  world w;
  acceptor from(*w.server);
  auto [near, far] = w.join(from);
  flood all(w, near);
  const auto before = near.written();
  error_code error;
  near.shutdown_send(error);
  EXPECT_FALSE(error);
  ASSERT_TRUE(w.run_until([&] { return all.last.times > 0; }));
  EXPECT_EQ(all.last.error, io_error::broken_pipe);
  near.shutdown_send(error);
  EXPECT_FALSE(error) << "a second time changes nothing";
  EXPECT_EQ(read_all(w, far), before);
  EXPECT_EQ(w.read_end(far), io_error::eof);
}

TEST(Reset, with_bytes_to_come_ends_what_waits_once_they_are_written) {
  world w;
  acceptor from(*w.server);
  auto [near, far] = w.join(from);
  char space[4];
  outcome<> read, broken, taken;
  near.async_read_some(boost::asio::buffer(space), read.handler());
  near.async_wait(stream::wait_error, broken.plain_handler());
  near.async_wait(stream::wait_taken, taken.plain_handler());
  near.reset(3);
  ASSERT_TRUE(w.run_until([&] { return read.times > 0; }));
  EXPECT_EQ(read.error, aborted);
  EXPECT_EQ(w.read_end(near), errc::reset);
  EXPECT_EQ(broken.times + taken.times, 0);
  EXPECT_FALSE(w.write(near, "end"));
  ASSERT_TRUE(w.run_until([&] { return broken.times > 0 && taken.times > 0; }));
  EXPECT_EQ(broken.error, errc::reset);
  EXPECT_EQ(taken.error, errc::reset);
  EXPECT_FALSE(near.is_open());
  EXPECT_EQ(w.read(far, 3), "end");
}

TEST(Stream, that_was_let_go_of_in_any_way_is_not_connected_and_can_be_connected_again) {
  world w;
  acceptor from(*w.server, "echo");
  for (auto* let_go : {+[](stream& s) { s.close(); }, +[](stream& s) { s.reset(); },
                       +[](stream& s) { s.abort(); }, +[](stream& s) { const stream other(std::move(s)); }}) {
    auto [near, far] = w.join(from);
    let_go(near);
    EXPECT_FALSE(near.is_open());
    EXPECT_FALSE(near.is_writable());
    EXPECT_EQ(near.written(), 0u);
    EXPECT_EQ(near.unconfirmed(), 0u);
    EXPECT_EQ(near.refusal(), "");
    EXPECT_EQ(w.read_end(near), io_error::not_connected);
    EXPECT_EQ(w.write(near, "x"), io_error::not_connected);
    for (const auto what : {stream::wait_read, stream::wait_write, stream::wait_error, stream::wait_taken}) {
      outcome<> waited;
      near.async_wait(what, waited.plain_handler());
      ASSERT_TRUE(w.run_until([&] { return waited.times > 0; }));
      EXPECT_EQ(waited.error, io_error::not_connected);
    }
    error_code error;
    near.shutdown_send(error);
    EXPECT_EQ(error, io_error::not_connected);
    outcome<> connected;
    near.async_connect(w.to("echo"), connected.plain_handler());
    auto again = w.accept(from).accept();
    ASSERT_TRUE(w.run_until([&] { return connected.times > 0; }));
    EXPECT_FALSE(connected.error);
    EXPECT_FALSE(w.write(near, "once more"));
    EXPECT_EQ(w.read(again, 9), "once more");
  }
}

TEST(Stream, that_ended_well_is_open_until_it_is_closed) {
  world w;
  acceptor from(*w.server);
  auto [near, far] = w.join(from);
  error_code error;
  near.shutdown_send(error);
  far.shutdown_send(error);
  EXPECT_EQ(w.read_end(near), io_error::eof);
  EXPECT_EQ(w.read_end(far), io_error::eof);
  ASSERT_TRUE(w.run_until([&] { return w.all_freed(); }));
  w.run_for(10ms);
  EXPECT_TRUE(near.is_open());
  EXPECT_EQ(w.read_end(near), io_error::eof);
  EXPECT_EQ(w.write(near, "x"), io_error::broken_pipe);
  near.close();
  EXPECT_FALSE(near.is_open());
}

TEST(Stream, reads_and_writes_that_start_before_it_is_open_tell_a_refusal) {
  world w;
  acceptor from(*w.server, "echo");
  stream near(*w.client);
  outcome<> connected, read, broken;
  char space[4];
  near.async_connect(w.to("echo"), connected.plain_handler());
  near.async_read_some(boost::asio::buffer(space), read.handler());
  near.async_wait(stream::wait_error, broken.plain_handler());
  w.accept(from).refuse(errc::target_refused);
  ASSERT_TRUE(w.run_until([&] { return connected.times && read.times && broken.times; }));
  EXPECT_EQ(connected.error, errc::target_refused);
  EXPECT_EQ(read.error, errc::target_refused);
  EXPECT_EQ(broken.error, errc::target_refused);
  EXPECT_EQ(w.write(near, "x"), errc::target_refused);
}

TEST(Stream, whose_node_is_closed_is_over) {
  world w;
  acceptor from(*w.server);
  auto [near, far] = w.join(from);
  w.client.reset();
  EXPECT_EQ(w.read_end(near), errc::shut_down);
  EXPECT_EQ(w.write(near, "x"), errc::shut_down);
  EXPECT_FALSE(near.is_writable());
  near.hold_taken();
  near.taken(1);
  near.reset(5);
  near.cancel();
  near.close();
}

TEST(Incoming, whose_node_is_closed_gives_a_stream_that_is_over) {
  world w;
  acceptor from(*w.server, "echo");
  stream near(*w.client);
  near.async_connect(w.to("echo"), [](error_code) {});
  auto asked = w.accept(from);
  w.server.reset();
  EXPECT_TRUE(asked);
  EXPECT_EQ(asked.service(), "echo");
  EXPECT_FALSE(asked.proves(w.granted.token));
  auto far = asked.accept();
  EXPECT_FALSE(asked);
  EXPECT_FALSE(far.is_open());
  EXPECT_EQ(w.read_end(far), errc::shut_down);
}

TEST(Incoming, without_a_question_takes_answers_that_do_nothing) {
  incoming none;
  EXPECT_FALSE(none);
  none.confirm();
  none.refuse(errc::busy);
  none = incoming();
  EXPECT_FALSE(none);
}

TEST(Refusal, of_a_kind_that_only_this_side_has_arrives_as_the_nearest) {
  world w;
  acceptor from(*w.server, "echo");
  const std::pair<errc, errc> kinds[] = {{errc::timed_out, errc::target_timeout},
                                         {errc::no_path, errc::target_failed},
                                         {errc::bad_ticket, errc::not_allowed},
                                         {errc::another_loop, errc::not_allowed}};
  for (const auto& [said, arrives] : kinds) {
    stream near(*w.client);
    outcome<> connected;
    near.async_connect(w.to("echo"), connected.plain_handler());
    w.accept(from).refuse(said);
    ASSERT_TRUE(w.run_until([&] { return connected.times > 0; }));
    EXPECT_EQ(connected.error, arrives);
  }
}

TEST(Acceptor, of_a_closed_node_can_be_made_and_accepts_nothing) {
  world w;
  w.server->close();
  acceptor from(*w.server, "echo");
  outcome<incoming> accepted;
  from.async_accept(accepted.handler());
  ASSERT_TRUE(w.run_until([&] { return accepted.times > 0; }));
  EXPECT_EQ(accepted.error, errc::shut_down);
  EXPECT_FALSE(accepted.value);
}

TEST(Acceptor, that_is_closed_aborts_what_is_started_later) {
  world w;
  acceptor from(*w.server, "echo");
  from.close();
  outcome<incoming> accepted;
  from.async_accept(accepted.handler());
  ASSERT_TRUE(w.run_until([&] { return accepted.times > 0; }));
  EXPECT_EQ(accepted.error, aborted);
}

TEST(Node, that_is_closed_shows_nothing_and_issues_still) {
  world w;
  acceptor from(*w.server);
  auto both = w.join(from);
  w.server->close();
  EXPECT_TRUE(w.server->snapshot().sessions.empty());
  EXPECT_TRUE(w.server->known().empty());
  error_code error;
  EXPECT_TRUE(w.server->issue(w.granted, {{"echo", 0}}, {}, error));
  w.server->listen({boost::asio::ip::address_v4::loopback(), 0}, error);
  EXPECT_EQ(error, errc::shut_down);
  w.server->publish({}, error);
  EXPECT_EQ(error, errc::shut_down);
  w.server->join({}, error);
  EXPECT_EQ(error, errc::shut_down);
}

TEST(Ping, of_a_peer_that_is_reached_takes_a_time_and_names_the_node) {
  world w;
  acceptor from(*w.server);
  auto both = w.join(from);
  std::optional<std::chrono::nanoseconds> took;
  std::string by;
  w.client->async_ping(w.server->id(), [&](error_code e, std::chrono::nanoseconds time, std::string node) {
    EXPECT_FALSE(e);
    took = time;
    by = std::move(node);
  });
  ASSERT_TRUE(w.run_until([&] { return took.has_value(); }));
  EXPECT_GT(*took, 0ns);
  EXPECT_EQ(by, w.server->node_id());
}

TEST(Version, is_one_number_and_one_text) {
  const auto text = std::to_string(GOF_VERSION / 100'000) + "." + std::to_string(GOF_VERSION / 100 % 1000) +
                    "." + std::to_string(GOF_VERSION % 100);
  EXPECT_EQ(text, GOF_VERSION_STRING);
}
