// Beast's HTTP and WebSocket over a stream. They are slow to compile, so only this file includes them.
#include "world.hpp"

#include <gof/beast.hpp>

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

using namespace gof;
using gof::testing::outcome;
using gof::testing::world;
using namespace std::chrono_literals;
using boost::system::error_code;

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

static_assert(beast::is_async_stream<stream>::value);
static_assert(beast::has_get_executor<stream>::value);

namespace {

using socket = websocket::stream<stream>;

/// A WebSocket between the two nodes of a world, with or without compression.
class WebSocket : public ::testing::TestWithParam<bool> {
 protected:
  world w;
  acceptor from{*w.server};
  std::pair<stream, stream> both = w.join(from);
  socket client{std::move(both.first)};
  socket server{std::move(both.second)};

  void shake_hands() {
    websocket::permessage_deflate deflate;
    deflate.client_enable = deflate.server_enable = GetParam();
    client.set_option(deflate);
    server.set_option(deflate);
    outcome<> accepted, met;
    server.async_accept(accepted.plain_handler());
    client.async_handshake("a.service", "/", met.plain_handler());
    ASSERT_TRUE(w.run_until([&] { return accepted.times && met.times; }));
    ASSERT_FALSE(accepted.error) << accepted.error.message();
    ASSERT_FALSE(met.error) << met.error.message();
  }

  std::string pass(socket& out, socket& in, const std::string& message) {
    outcome<> written, read;
    beast::flat_buffer got;
    out.async_write(boost::asio::buffer(message), written.handler());
    in.async_read(got, read.handler());
    EXPECT_TRUE(w.run_until([&] { return written.times && read.times; }));
    EXPECT_FALSE(written.error) << written.error.message();
    EXPECT_FALSE(read.error) << read.error.message();
    return beast::buffers_to_string(got.data());
  }
};

INSTANTIATE_TEST_SUITE_P(is, WebSocket, ::testing::Bool(),
                         [](const auto& deflated) { return deflated.param ? "deflated" : "plain"; });

}  // namespace

TEST(Http, asks_and_answers_over_a_stream_with_a_body_of_a_mebibyte) {
  world w;
  acceptor from(*w.server);
  auto [near, far] = w.join(from);
  http::request<http::string_body> asked(http::verb::post, "/echo", 11, std::string(1 << 20, 'q'));
  asked.set(http::field::host, "a.service");
  asked.prepare_payload();
  outcome<> written, read;
  http::request<http::string_body> heard;
  beast::flat_buffer left;
  http::async_write(near, asked, written.handler());
  http::async_read(far, left, heard, read.handler());
  ASSERT_TRUE(w.run_until([&] { return written.times && read.times; }));
  ASSERT_FALSE(read.error) << read.error.message();
  EXPECT_EQ(heard.target(), "/echo");
  EXPECT_TRUE(heard.body() == asked.body());

  // Without a length the answer extends to the end of the stream.
  http::response<http::string_body> answer(http::status::ok, 11, heard.body());
  answer.keep_alive(false);
  outcome<> answered, got;
  http::response<http::string_body> seen;
  beast::flat_buffer rest;
  http::async_write(far, answer, answered.handler());
  http::async_read(near, rest, seen, got.handler());
  ASSERT_TRUE(w.run_until([&] { return answered.times > 0; }));
  EXPECT_EQ(answered.error, error_code());
  far.close();
  ASSERT_TRUE(w.run_until([&] { return got.times > 0; }));
  EXPECT_FALSE(got.error) << got.error.message();
  EXPECT_TRUE(seen.body() == asked.body());
  near.close();
  EXPECT_TRUE(w.run_until([&] { return w.all_freed(); }));
}

TEST_P(WebSocket, passes_messages_both_ways_and_ends_in_order) {
  shake_hands();
  EXPECT_EQ(pass(client, server, "hello"), "hello");
  const std::string much(1 << 20, 'm');
  EXPECT_TRUE(pass(server, client, much) == much);
  outcome<> closed, ended;
  beast::flat_buffer none;
  client.async_close(websocket::close_code::normal, closed.plain_handler());
  server.async_read(none, ended.handler());
  ASSERT_TRUE(w.run_until([&] { return closed.times && ended.times; }));
  EXPECT_FALSE(closed.error) << closed.error.message();
  EXPECT_EQ(ended.error, websocket::error::closed);
  EXPECT_FALSE(client.next_layer().is_open());
  EXPECT_FALSE(server.next_layer().is_open());
  EXPECT_TRUE(w.run_until([&] { return w.all_freed(); }));
}

TEST_P(WebSocket, that_the_server_closes_ends_in_order_behind_what_it_said) {
  shake_hands();
  outcome<> written, closed, first, second;
  beast::flat_buffer got, none;
  server.async_write(boost::asio::buffer("last words", 10), written.handler());
  client.async_read(got, first.handler());
  ASSERT_TRUE(w.run_until([&] { return written.times > 0; }));
  server.async_close(websocket::close_code::going_away, closed.plain_handler());
  ASSERT_TRUE(w.run_until([&] { return first.times > 0; }));
  client.async_read(none, second.handler());
  ASSERT_TRUE(w.run_until([&] { return closed.times && second.times; }));
  EXPECT_EQ(beast::buffers_to_string(got.data()), "last words");
  EXPECT_FALSE(closed.error) << closed.error.message();
  EXPECT_EQ(second.error, websocket::error::closed);
  EXPECT_EQ(client.reason().code, websocket::close_code::going_away);
  EXPECT_TRUE(w.run_until([&] { return w.all_freed(); }));
}

TEST_P(WebSocket, to_a_silent_server_times_out_and_resets_its_stream) {
  client.set_option(websocket::stream_base::timeout{100ms, websocket::stream_base::none(), false});
  outcome<> met;
  client.async_handshake("a.service", "/", met.plain_handler());
  ASSERT_TRUE(w.run_until([&] { return met.times > 0; }));
  EXPECT_EQ(met.error, beast::error::timeout);
  EXPECT_FALSE(client.next_layer().is_open());
  std::string all;
  error_code error;
  while (!error) all += w.read(server.next_layer(), 1000, error);
  EXPECT_EQ(error, errc::reset);
  EXPECT_NE(all.find("Upgrade: websocket"), std::string::npos);
}

TEST_P(WebSocket, whose_peer_is_reset_tells_it) {
  shake_hands();
  outcome<> read;
  beast::flat_buffer none;
  client.async_read(none, read.handler());
  server.next_layer().reset();
  ASSERT_TRUE(w.run_until([&] { return read.times > 0; }));
  EXPECT_EQ(read.error, errc::reset);
}
