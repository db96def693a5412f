#include "world.hpp"

using namespace gof;
using gof::testing::outcome;
using gof::testing::world;
using namespace std::chrono_literals;
using boost::system::error_code;

TEST(Stream, carries_an_echo_after_probe_and_connect) {
  world w;
  acceptor from(*w.server, "echo");
  outcome<std::string> probed;
  w.client->async_probe(w.to("echo"), probed.handler());
  auto asked = w.accept(from);
  EXPECT_TRUE(asked.is_probe());
  EXPECT_EQ(asked.peer(), w.client->id());
  EXPECT_EQ(asked.service(), "echo");
  EXPECT_EQ(asked.grant(), w.granted.id);
  EXPECT_TRUE(asked.proves(w.granted.token));
  EXPECT_FALSE(asked.proves(grant::generate().token));
  asked.confirm();
  ASSERT_TRUE(w.run_until([&] { return probed.times > 0; }));
  EXPECT_FALSE(probed.error) << probed.error.message();

  auto [near, far] = w.join(from);
  EXPECT_TRUE(near.is_open());
  EXPECT_TRUE(far.is_open());
  EXPECT_FALSE(w.write(near, "hello"));
  EXPECT_EQ(w.read(far, 5), "hello");
  EXPECT_FALSE(w.write(far, "you too"));
  EXPECT_EQ(w.read(near, 7), "you too");
}

TEST(Stream, early_writes_arrive_before_the_answer_is_known) {
  world w;
  acceptor from(*w.server, "echo");
  stream near(*w.client);
  outcome<> connected;
  near.async_connect(w.to("echo"), connected.plain_handler());
  outcome<> written;
  near.async_write_some(boost::asio::buffer("early", 5), written.handler());
  auto asked = w.accept(from);
  EXPECT_EQ(connected.times, 0);
  auto far = asked.accept();
  EXPECT_EQ(w.read(far, 5), "early");
  ASSERT_TRUE(w.run_until([&] { return connected.times > 0; }));
  EXPECT_FALSE(connected.error);
  EXPECT_EQ(written.times, 1);
  EXPECT_EQ(written.value, 5u);
}

TEST(Stream, zero_length_operations_complete_at_once_and_not_inline) {
  world w;
  acceptor from(*w.server);
  auto [near, far] = w.join(from);
  outcome<> read, written;
  near.async_read_some(boost::asio::mutable_buffer(), read.handler());
  near.async_write_some(boost::asio::const_buffer(), written.handler());
  EXPECT_EQ(read.times + written.times, 0);
  ASSERT_TRUE(w.run_until([&] { return read.times == 1 && written.times == 1; }));
  EXPECT_FALSE(read.error);
  EXPECT_FALSE(written.error);
}

TEST(Stream, moved_from_is_closed) {
  world w;
  acceptor from(*w.server);
  auto [near, far] = w.join(from);
  stream moved(std::move(near));
  EXPECT_FALSE(near.is_open());  // NOLINT(bugprone-use-after-move)
  EXPECT_TRUE(moved.is_open());
  EXPECT_EQ(w.write(near, "x"), boost::asio::error::not_connected);
  error_code error;
  near.shutdown_send(error);
  EXPECT_EQ(error, boost::asio::error::not_connected);
  EXPECT_EQ(near.get_executor(), moved.get_executor());
  EXPECT_FALSE(w.write(moved, "still here"));
  EXPECT_EQ(w.read(far, 10), "still here");
}

TEST(Stream, assignment_resets_what_was_there) {
  world w;
  acceptor from(*w.server);
  auto [first, first_far] = w.join(from);
  auto [second, second_far] = w.join(from);
  first = std::move(second);
  EXPECT_EQ(w.read_end(first_far), errc::reset);
  EXPECT_FALSE(w.write(first, "two"));
  EXPECT_EQ(w.read(second_far, 3), "two");
}

TEST(Stream, a_second_read_or_write_at_once_is_refused) {
  world w;
  acceptor from(*w.server);
  auto [near, far] = w.join(from);
  char space[4];
  outcome<> first, second;
  near.async_read_some(boost::asio::buffer(space), first.handler());
  near.async_read_some(boost::asio::buffer(space), second.handler());
  ASSERT_TRUE(w.run_until([&] { return second.times > 0; }));
  EXPECT_EQ(second.error, boost::asio::error::in_progress);
  EXPECT_EQ(first.times, 0);
  outcome<> again;
  near.async_connect(w.to("echo"), again.plain_handler());
  ASSERT_TRUE(w.run_until([&] { return again.times > 0; }));
  EXPECT_EQ(again.error, boost::asio::error::already_connected);
}

TEST(Stream, scattered_buffers_are_gathered_and_filled_in_order) {
  world w;
  acceptor from(*w.server);
  auto [near, far] = w.join(from);
  const std::string a = "one", b = "", c = "two", d = "three";
  const std::array<boost::asio::const_buffer, 4> out{boost::asio::buffer(a), boost::asio::buffer(b),
                                                     boost::asio::buffer(c), boost::asio::buffer(d)};
  outcome<> written;
  near.async_write_some(out, written.handler());
  ASSERT_TRUE(w.run_until([&] { return written.times > 0; }));
  EXPECT_EQ(written.value, 11u);
  EXPECT_EQ(w.read(far, 11), "onetwothree");
}

TEST(Stream, three_hundred_open_and_close_and_leave_nothing) {
  world w;
  acceptor from(*w.server);
  {
    auto first = w.join(from);
    ASSERT_TRUE(first.first.is_open());
  }
  ASSERT_TRUE(w.run_until([&] { return w.all_freed(); }));
  const auto descriptors = gof::testing::open_descriptors();
  for (int round = 0; round < 3; ++round) {
    std::vector<std::pair<stream, stream>> all;
    for (int i = 0; i < 100; ++i) all.push_back(w.join(from));
    EXPECT_EQ(w.server->snapshot().streams, 100u);
    EXPECT_FALSE(w.write(all[50].first, "in the middle"));
    EXPECT_EQ(w.read(all[50].second, 13), "in the middle");
    for (auto& [near, far] : all) {
      near.close();
      far.close();
    }
    EXPECT_TRUE(w.run_until([&] { return w.all_freed(); }));
  }
  EXPECT_EQ(gof::testing::open_descriptors(), descriptors);
  EXPECT_EQ(w.server->snapshot().held_bytes, 0u);
  EXPECT_EQ(w.client->snapshot().held_bytes, 0u);
}

TEST(Stream, says_whose_connection_it_passes_on_to_a_peer_on_its_host) {
  namespace ip = boost::asio::ip;
  world w;
  acceptor from(*w.server, "echo");
  auto where = w.to("echo");
  const ip::tcp::endpoint client(ip::make_address("::1"), 40'000);
  const ip::tcp::endpoint mapped(ip::make_address("::ffff:127.0.0.1"), 5055);
  const ip::tcp::endpoint plain(ip::make_address("127.0.0.1"), 5055);
  where.client = client;
  where.listening = {mapped};
  stream near(*w.client);
  outcome<> connected;
  near.async_connect(where, connected.plain_handler());
  auto asked = w.accept(from);
  EXPECT_EQ(asked.client(), client);
  EXPECT_EQ(asked.listening(), std::vector{plain}) << "in the form that the other end sees";
  asked.refuse(errc::loop, "round and round");
  ASSERT_TRUE(w.run_until([&] { return connected.times > 0; }));
  EXPECT_EQ(connected.error, errc::loop);
  EXPECT_EQ(near.refusal(), "round and round");

  outcome<std::string> probed;
  auto to = w.to("echo");
  to.listening.assign(7, plain);
  w.client->async_probe(to, probed.handler());
  auto probe = w.accept(from);
  EXPECT_FALSE(probe.client());
  EXPECT_EQ(probe.listening().size(), 4u) << "the others are left out";
  probe.confirm();
  ASSERT_TRUE(w.run_until([&] { return probed.times > 0; }));

  stream other(*w.client);
  outcome<> opened;
  other.async_connect(w.to("echo"), opened.plain_handler());
  auto without = w.accept(from);
  EXPECT_FALSE(without.client());
  EXPECT_TRUE(without.listening().empty());
}
