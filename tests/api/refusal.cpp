#include "world.hpp"

using namespace gof;
using gof::testing::outcome;
using gof::testing::world;
using namespace std::chrono_literals;
using boost::system::error_code;

TEST(Refusal, every_reason_arrives_as_itself_with_its_words) {
  world w;
  acceptor from(*w.server, "echo");
  for (const auto why : {errc::unknown_service, errc::not_allowed, errc::withdrawn, errc::target_refused,
                         errc::target_unknown, errc::target_timeout, errc::target_failed, errc::busy}) {
    SCOPED_TRACE(make_error_code(why).message());
    stream near(*w.client);
    outcome<> connected;
    near.async_connect(w.to("echo"), connected.plain_handler());
    w.accept(from).refuse(why, "because of " + std::to_string(static_cast<int>(why)));
    ASSERT_TRUE(w.run_until([&] { return connected.times > 0; }));
    EXPECT_EQ(connected.error, why);
    EXPECT_EQ(near.refusal(), "because of " + std::to_string(static_cast<int>(why)));
    EXPECT_FALSE(near.is_open());
    EXPECT_EQ(w.read_end(near), why);

    outcome<std::string> probed;
    w.client->async_probe(w.to("echo"), probed.handler());
    w.accept(from).refuse(why, "also");
    ASSERT_TRUE(w.run_until([&] { return probed.times > 0; }));
    EXPECT_EQ(probed.error, why);
    EXPECT_EQ(probed.value, "also");
  }
  EXPECT_TRUE(w.run_until([&] { return w.all_freed(); }));
}

TEST(Refusal, a_service_without_acceptor_is_unknown) {
  world w;
  acceptor from(*w.server, "other");
  stream near(*w.client);
  EXPECT_EQ(w.connect(near, w.to("echo")), errc::unknown_service);
  EXPECT_EQ(w.probe(w.to("echo")), errc::unknown_service);
}

TEST(Refusal, an_unanswered_question_that_is_dropped_is_not_allowed) {
  world w;
  acceptor from(*w.server, "echo");
  stream near(*w.client);
  outcome<> connected;
  near.async_connect(w.to("echo"), connected.plain_handler());
  { const auto asked = w.accept(from); }
  ASSERT_TRUE(w.run_until([&] { return connected.times > 0; }));
  EXPECT_EQ(connected.error, errc::not_allowed);
}

TEST(Refusal, long_words_are_cut_between_characters) {
  world w;
  acceptor from(*w.server, "echo");
  stream near(*w.client);
  outcome<> connected;
  near.async_connect(w.to("echo"), connected.plain_handler());
  std::string words(199, 'x');
  words += "\xc3\xa4\xc3\xa4";
  w.accept(from).refuse(errc::busy, words);
  ASSERT_TRUE(w.run_until([&] { return connected.times > 0; }));
  EXPECT_EQ(near.refusal(), std::string(199, 'x'));
}

TEST(Refusal, a_refused_stream_may_be_connected_again) {
  world w;
  stream near(*w.client);
  EXPECT_EQ(w.connect(near, w.to("echo")), errc::unknown_service);
  acceptor from(*w.server, "echo");
  outcome<> connected;
  near.async_connect(w.to("echo"), connected.plain_handler());
  auto far = w.accept(from).accept();
  ASSERT_TRUE(w.run_until([&] { return connected.times > 0; }));
  EXPECT_FALSE(connected.error);
  EXPECT_FALSE(w.write(near, "x"));
  EXPECT_EQ(w.read(far, 1), "x");
}

TEST(Acceptor, named_comes_before_the_one_for_all_and_a_name_is_taken_once) {
  world w;
  acceptor all(*w.server), named(*w.server, "echo");
  EXPECT_THROW(acceptor(*w.server, "echo"), boost::system::system_error);
  EXPECT_THROW(acceptor(*w.server), boost::system::system_error);
  auto first = w.join(named, "echo");
  auto second = w.join(all, "other");
  EXPECT_TRUE(first.second.is_open());
  EXPECT_TRUE(second.second.is_open());
}

TEST(Acceptor, forgets_who_went_while_waiting) {
  world w;
  acceptor from(*w.server, "echo");
  { auto there = w.join(from); }
  ASSERT_TRUE(w.run_until([&] { return w.all_freed(); }));
  stream near(*w.client);
  near.async_connect(w.to("echo"), [](error_code) {});
  ASSERT_TRUE(w.run_until([&] { return w.server->snapshot().streams == 1; }));
  near.reset();
  ASSERT_TRUE(w.run_until([&] { return w.all_freed(); }));
  w.io.poll();  // the core knows of the reset; now the acceptor does too
  auto [again, far] = w.join(from);
  EXPECT_FALSE(w.write(again, "the next"));
  EXPECT_EQ(w.read(far, 8), "the next");
}

TEST(Acceptor, close_refuses_what_waits_and_aborts_the_accept) {
  world w;
  auto from = std::make_unique<acceptor>(*w.server, "echo");
  { auto there = w.join(*from); }
  ASSERT_TRUE(w.run_until([&] { return w.all_freed(); }));
  stream near(*w.client);
  outcome<> connected;
  near.async_connect(w.to("echo"), connected.plain_handler());
  ASSERT_TRUE(w.run_until([&] { return w.server->snapshot().streams == 1; }));
  from.reset();
  ASSERT_TRUE(w.run_until([&] { return connected.times > 0; }));
  EXPECT_EQ(connected.error, errc::unknown_service);

  acceptor again(*w.server, "echo");
  outcome<incoming> accepted;
  again.async_accept(accepted.handler());
  again.close();
  ASSERT_TRUE(w.run_until([&] { return accepted.times > 0; }));
  EXPECT_EQ(accepted.error, boost::asio::error::operation_aborted);
}

TEST(Gone, is_told_when_the_asker_leaves_or_its_node_does) {
  world w;
  acceptor from(*w.server, "echo");
  for (const bool node_goes : {false, true}) {
    outcome<> connected, gone;
    auto near = std::make_unique<stream>(*w.client);
    near->async_connect(w.to("echo"), connected.plain_handler());
    auto asked = w.accept(from);
    asked.async_wait_gone(gone.plain_handler());
    auto moved = std::move(asked);
    w.run_for(50ms);
    EXPECT_EQ(gone.times, 0);
    if (node_goes)
      w.client->close();
    else
      near->reset();
    ASSERT_TRUE(w.run_until([&] { return gone.times > 0; }));
    EXPECT_TRUE(gone.error);
    EXPECT_NE(gone.error, boost::asio::error::operation_aborted);
    outcome<> late;
    moved.async_wait_gone(late.plain_handler());
    EXPECT_EQ(late.times, 0) << "never inline";
    ASSERT_TRUE(w.run_until([&] { return late.times > 0; }));
    EXPECT_EQ(late.error, gone.error);
    moved.refuse(errc::busy);
    EXPECT_EQ(gone.times, 1);
  }
}

TEST(Gone, wait_ends_with_the_answer) {
  world w;
  acceptor from(*w.server, "echo");
  for (const auto& answer : std::vector<std::function<void(incoming)>>{
           [](incoming asked) { asked.refuse(errc::busy); }, [](incoming asked) { asked.accept().close(); },
           [](const incoming&) {}}) {
    outcome<> connected, gone, second;
    stream near(*w.client);
    near.async_connect(w.to("echo"), connected.plain_handler());
    auto asked = w.accept(from);
    asked.async_wait_gone(gone.plain_handler());
    asked.async_wait_gone(second.plain_handler());
    answer(std::move(asked));
    ASSERT_TRUE(w.run_until([&] { return connected.times > 0 && gone.times > 0 && second.times > 0; }));
    EXPECT_EQ(gone.error, boost::asio::error::operation_aborted);
    EXPECT_EQ(second.error, boost::asio::error::in_progress);
  }
}
