#pragma once

#include <gof/stream.hpp>

#include <boost/asio/compose.hpp>
#include <boost/beast/core/role.hpp>

#include <array>
#include <memory>
#include <utility>

/// @file
/// What Boost.Beast needs from a stream beyond Asio's requirements, so that `boost::beast::websocket::stream`
/// works over a gof::stream. HTTP works over it without this header. Beast's synchronous functions do not
/// work: a gof::stream has none.
///
/// @par Example
/// @code
/// #include <boost/asio/awaitable.hpp>
/// #include <boost/asio/use_awaitable.hpp>
/// #include <boost/beast/core/flat_buffer.hpp>
/// #include <boost/beast/websocket.hpp>
///
/// namespace asio = boost::asio;
/// namespace beast = boost::beast;
///
/// /// Sends back each message that comes.
/// asio::awaitable<void> echo(gof::stream accepted) {
///   beast::websocket::stream<gof::stream> socket(std::move(accepted));
///   co_await socket.async_accept(asio::use_awaitable);
///   while (true) {
///     beast::flat_buffer message;
///     co_await socket.async_read(message, asio::use_awaitable);
///     socket.text(socket.got_text());
///     co_await socket.async_write(message.data(), asio::use_awaitable);
///   }
/// }
/// @endcode

namespace gof {

namespace detail {

/// Ends a WebSocket's stream: the server ends its direction first, then each side reads until the other ends.
class teardown {
 public:
  teardown(stream& of, boost::beast::role_type role) : of_(of), role_(role) {}

  template <class Self>
  void operator()(Self& self) {
    if (role_ == boost::beast::role_type::server) end();
    discard(self);
  }

  template <class Self>
  void operator()(Self& self, boost::system::error_code error, std::size_t) {
    if (!error) return discard(self);
    if (error != boost::asio::error::eof) return self.complete(error);
    if (role_ == boost::beast::role_type::client) end();
    of_.close();
    self.complete({});
  }

 private:
  void end() {
    boost::system::error_code told_by_the_read;
    of_.shutdown_send(told_by_the_read);
  }

  template <class Self>
  void discard(Self& self) {
    const auto into = boost::asio::buffer(*space_);
    of_.async_read_some(into, std::move(self));
  }

  stream& of_;
  boost::beast::role_type role_;
  std::unique_ptr<std::array<char, 4096>> space_ = std::make_unique<std::array<char, 4096>>();
};

}  // namespace detail

/// Called by Beast when one of a WebSocket's timeouts expires. Does what stream::reset() does.
inline void beast_close_socket(stream& of) {
  of.reset();
}

/// Called by Beast once the closing handshake of a WebSocket is done: ends the stream in order.
///
/// The server ends its direction first. Each side then reads until the other ends, discards what it reads,
/// and closes the stream. The WebSocket's handshake timeout limits how long that may take.
///
/// @param role Whether this side is the server or the client.
/// @param of The stream; must be valid until the handler is called.
/// @param handler Called once the other side has ended its direction, too.
///
/// @par Completion signature
/// `void(boost::system::error_code)`
///
/// @par Errors
/// Those of stream::async_read_some() except `eof`, which is the expected end.
template <class TeardownHandler>
void async_teardown(boost::beast::role_type role, stream& of, TeardownHandler&& handler) {
  boost::asio::async_compose<TeardownHandler, void(boost::system::error_code)>(detail::teardown(of, role),
                                                                               handler, of);
}

}  // namespace gof
