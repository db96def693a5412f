#pragma once

#include <gof/stream.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gof {

namespace detail {
class acceptor_queue;
}

/// A peer's request for a connection to a service; or its probe, which asks whether it would get one.
///
/// Answer it once: accept(), confirm() or refuse(). A request that is destroyed without an answer is refused
/// with errc::not_allowed. The peer waits for the answer no longer than its own connect timeout.
///
/// An object that holds no request (default-constructed, moved from, or answered) is false as a bool. Only
/// assignment, refuse(), confirm() and destruction are then allowed; but for assignment they do nothing.
///
/// @par Lifetime
/// May outlive its acceptor and its node; the request is over by then.
///
/// @par Thread safety
/// None, as for stream.
///
/// @see gof-protocol(7), STREAMS, OPEN and PROBE.
class incoming {
 public:
  /// The type of get_executor().
  using executor_type = boost::asio::any_io_executor;

  /// An object without a request.
  incoming();
  /// Refuses an unanswered request with errc::not_allowed.
  ~incoming();
  /// Takes over the request, and a pending async_wait_gone().
  incoming(incoming&&) noexcept;
  /// As the move constructor. A request that this object held is refused with errc::not_allowed.
  incoming& operator=(incoming&&) noexcept;

  /// The executor of the node's io_context.
  executor_type get_executor() const;

  /// The peer that asks. It has proved its key.
  gof::peer peer() const;
  /// The name of the service that it asks for.
  const std::string& service() const;
  /// Whether this is a probe, which is confirmed or refused instead of accepted.
  bool is_probe() const;
  /// grant::id of the grant that the peer names, if any. Any peer can name it; proves() checks the secret.
  std::optional<std::array<std::uint8_t, 16>> grant() const;
  /// endpoint::client, as the peer sent it. Only a peer on this host, in this network namespace, sends it.
  std::optional<boost::asio::ip::tcp::endpoint> client() const;
  /// endpoint::listening, as the peer sent it. Only a peer on this host, in this network namespace, sends it.
  std::vector<boost::asio::ip::tcp::endpoint> listening() const;
  /// Whether the peer holds the grant::token of the grant that it names. The comparison takes the same time
  /// whatever the token. False once the request is over.
  bool proves(const std::array<std::uint8_t, 32>& token) const;

  /// Waits until the request is over: a program can then stop its work on the answer.
  ///
  /// Moving this object does not disturb the wait.
  ///
  /// Called when the request is over.
  ///
  /// @par Completion signature
  /// `void(boost::system::error_code)`
  ///
  /// @par Errors
  /// Always one: why the request is over, such as errc::reset (the peer gave it up), errc::target_timeout
  /// (the peer stopped waiting), errc::no_path or errc::shut_down. `boost::asio::error::operation_aborted` if
  /// it was answered here, `in_progress` if another async_wait_gone() is pending.
  ///
  /// @par Cancellation
  /// Through the cancellation slot, by any type but `none`. The request stays open.
  template <class CompletionToken>
  auto async_wait_gone(CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(boost::system::error_code)>(
        detail::initiation(*this,
                           [this](auto handler) {
                             start_wait_gone(detail::make_operation<boost::system::error_code>(
                                 std::move(handler), completions()));
                           }),
        token);
  }

  /// Accepts the request, and returns the connection, which is open from now on. Not for probes. If the
  /// request is over, so is the stream, and its reads report why.
  stream accept();
  /// Answers a probe: a connection would be accepted.
  void confirm();
  /// Refuses the request.
  ///
  /// @param why What the other side's operation completes with. timed_out arrives as target_timeout, no_path
  /// as target_failed, bad_ticket and another_loop as not_allowed.
  /// @param text Details for the person at the other side: UTF-8, cut to 200 bytes.
  void refuse(errc why, const std::string& text = {});
  /// Whether this object holds an unanswered request. It may be over by now; async_wait_gone() reports that.
  explicit operator bool() const { return state_ != nullptr; }

 private:
  friend class detail::acceptor_queue;
  friend class detail::node_service;
  incoming(std::shared_ptr<detail::node_service> service, std::shared_ptr<detail::stream_state> state);
  detail::completion_queue& completions() const;
  void start_wait_gone(detail::operation_ptr<boost::system::error_code> done);
  std::shared_ptr<detail::node_service> service_;
  std::shared_ptr<detail::stream_state> state_;
};

/// Receives the requests of other peers for one service of a node: connections, and probes.
///
/// At most 1,024 requests wait to be accepted; more are refused with errc::busy. Requests for a service
/// without an acceptor are refused with errc::unknown_service. A request that its peer gives up is removed.
///
/// @par Lifetime
/// May outlive its node. The destructor calls close().
///
/// @par Thread safety
/// None, as for stream.
///
/// @see gof-protocol(7), STREAMS, OPEN and PROBE.
///
/// @par Example
/// @code
/// #include <boost/asio/awaitable.hpp>
/// #include <boost/asio/use_awaitable.hpp>
///
/// #include <functional>
///
/// namespace asio = boost::asio;
///
/// /// Serves whoever holds the ticket that was issued for the grant.
/// asio::awaitable<void> serve(gof::node& node, gof::grant granted, std::function<void(gof::stream)> talk) {
///   gof::acceptor callers(node, "greet");
///   while (true) {
///     auto caller = co_await callers.async_accept(asio::use_awaitable);
///     if (!caller.proves(granted.token)) continue;  // destroyed without an answer: refused
///     if (caller.is_probe())
///       caller.confirm();
///     else
///       talk(caller.accept());
///   }
/// }
/// @endcode
class acceptor {
 public:
  /// The type of get_executor().
  using executor_type = boost::asio::any_io_executor;

  /// From now on, requests for the service wait here for async_accept().
  ///
  /// @param on The node that receives the requests.
  /// @param service The name of the service. Empty: every service that has no acceptor of its own.
  /// @throws boost::system::system_error `address_in_use`: the node already has an acceptor of this name.
  explicit acceptor(node& on, std::string service = {});
  /// Calls close().
  ~acceptor();
  acceptor(const acceptor&) = delete;
  acceptor& operator=(const acceptor&) = delete;

  /// The executor of the node's io_context.
  executor_type get_executor() const;

  /// Takes the oldest waiting request, or waits for the next one.
  ///
  /// At most one accept may be pending. As with a stream, the handler is called later, and its associated
  /// allocator and executor are used.
  ///
  /// @param token Called with the request. If the handler does not keep it, it is refused.
  ///
  /// @par Completion signature
  /// `void(boost::system::error_code, gof::incoming)`
  ///
  /// @par Errors
  /// `in_progress`: an accept is pending. `operation_aborted`: by close(), the destructor or node::close().
  /// errc::shut_down: the node was closed before. With an error the `incoming` holds no request.
  ///
  /// @par Cancellation
  /// Through the cancellation slot, by any type but `none`. No request is lost: the next accept takes it.
  template <class CompletionToken>
  auto async_accept(CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(boost::system::error_code, incoming)>(
        detail::initiation(*this,
                           [this](auto handler) {
                             start_accept(detail::make_operation<boost::system::error_code, incoming>(
                                 std::move(handler), completions()));
                           }),
        token);
  }

  /// Refuses the waiting requests with errc::unknown_service. A pending accept completes with
  /// operation_aborted, and so does any later one.
  void close();

 private:
  detail::completion_queue& completions() const;
  void start_accept(detail::operation_ptr<boost::system::error_code, incoming> done);
  std::shared_ptr<detail::node_service> service_;
  std::string name_;
  std::shared_ptr<detail::acceptor_queue> queue_;
};

}  // namespace gof
