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

/// The question of another peer: may it have a connection to a service (or, as a probe, would it get one)?
///
/// Answer it once: accept(), confirm() or refuse(). If it is destroyed without an answer it is refused with
/// errc::not_allowed. Until the answer the peer waits, at most its own connect timeout.
///
/// An object without a question (made so, moved from, or answered) is false as a bool. Only assignment,
/// refuse(), confirm() and destruction are then allowed, and do nothing.
///
/// @par Lifetime
/// May outlive its acceptor, and its node: the question is then over.
///
/// @par Thread safety
/// As for stream: none.
///
/// @see gof-protocol(7), STREAMS, OPEN and PROBE.
class incoming {
 public:
  /// The type of get_executor().
  using executor_type = boost::asio::any_io_executor;

  /// Without a question.
  incoming();
  /// Refuses with errc::not_allowed what was not answered.
  ~incoming();
  /// Takes over the question, and what waits for it to be over.
  incoming(incoming&&) noexcept;
  /// As the constructor; what this object held is refused with errc::not_allowed.
  incoming& operator=(incoming&&) noexcept;

  /// That of the node's io_context.
  executor_type get_executor() const;

  /// Who asks. The peer has proved its key.
  gof::peer peer() const;
  /// The name of the service.
  const std::string& service() const;
  /// Whether this is a probe: to be confirmed or refused, not accepted.
  bool is_probe() const;
  /// grant::id of the grant that the peer names, if any. Anybody can name it; see proves().
  std::optional<std::array<std::uint8_t, 16>> grant() const;
  /// endpoint::client, as the peer gave it. Only from a peer on this host, in this network namespace.
  std::optional<boost::asio::ip::tcp::endpoint> client() const;
  /// endpoint::listening, as the peer gave it. Only from a peer on this host, in this network namespace.
  std::vector<boost::asio::ip::tcp::endpoint> listening() const;
  /// Whether the peer holds the grant::token of the grant that it names. Takes the same time whatever the
  /// token. False once the question is over.
  bool proves(const std::array<std::uint8_t, 32>& token) const;

  /// Waits until nobody waits for the answer any more, so that work towards it can be stopped.
  ///
  /// Moving this object changes nothing for it.
  ///
  /// @param token Called when the question is over.
  ///
  /// @par Completion signature
  /// `void(boost::system::error_code)`
  ///
  /// @par Errors
  /// Never none. Why the question is over, such as errc::reset (the peer gave it up), errc::target_timeout
  /// (it waits no longer), errc::no_path or errc::shut_down. `boost::asio::error::operation_aborted` if it
  /// was answered here, `in_progress` if there is such a wait already.
  ///
  /// @par Cancellation
  /// By the slot, any type but `none`. The question stays.
  template <class CompletionToken>
  auto async_wait_gone(CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(boost::system::error_code)>(
        detail::initiation(*this,
                           [this](auto handler) {
                             start_wait_gone(detail::make_operation<boost::system::error_code>(
                                 std::move(handler), loop()));
                           }),
        token);
  }

  /// Answers yes, and gives the connection, which is open from now on. Not for probes. If the question is
  /// over the stream is, too; its reads tell why.
  stream accept();
  /// Answers a probe: a connection would be accepted.
  void confirm();
  /// Answers no.
  ///
  /// @param why What the other side's operation completes with. timed_out arrives as target_timeout, no_path
  /// as target_failed, bad_ticket and another_loop as not_allowed.
  /// @param text More, for the person at the other side: UTF-8, cut to 200 bytes.
  void refuse(errc why, const std::string& text = {});
  /// Whether there is a question to be answered. It may be over meanwhile, see async_wait_gone().
  explicit operator bool() const { return state_ != nullptr; }

 private:
  friend class detail::acceptor_queue;
  friend class detail::node_service;
  incoming(std::shared_ptr<detail::node_service> service, std::shared_ptr<detail::stream_state> state);
  detail::loop_executor loop() const;
  void start_wait_gone(detail::operation_ptr<boost::system::error_code> done);
  std::shared_ptr<detail::node_service> service_;
  std::shared_ptr<detail::stream_state> state_;
};

/// Gives the questions of others for one service of a node: connections, and probes.
///
/// At most 1,024 of them wait to be accepted; more are refused with errc::busy. A service that no acceptor is
/// for is refused with errc::unknown_service. A question whose peer gives up is taken out.
///
/// @par Lifetime
/// May outlive its node. The destructor is close().
///
/// @par Thread safety
/// As for stream: none.
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

  /// From now on questions for the service are kept for async_accept().
  ///
  /// @param on The node that is asked.
  /// @param service The name of the service. Empty: every service that no other acceptor names.
  /// @throws boost::system::system_error `address_in_use`: the node has an acceptor of this name.
  explicit acceptor(node& on, std::string service = {});
  /// As close().
  ~acceptor();
  acceptor(const acceptor&) = delete;
  acceptor& operator=(const acceptor&) = delete;

  /// That of the node's io_context.
  executor_type get_executor() const;

  /// Takes the oldest question, or the next one that comes.
  ///
  /// One at a time. As with a stream, the handler is posted, and its associated allocator and executor are
  /// used.
  ///
  /// @param token Called with the question. If the handler does not keep it, it is refused.
  ///
  /// @par Completion signature
  /// `void(boost::system::error_code, gof::incoming)`
  ///
  /// @par Errors
  /// `in_progress`: another accept is pending. `operation_aborted`: close(), the destructor, node::close().
  /// errc::shut_down: the node was closed before. With an error there is no question.
  ///
  /// @par Cancellation
  /// By the slot, any type but `none`. No question was taken: it goes to the next accept.
  template <class CompletionToken>
  auto async_accept(CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(boost::system::error_code, incoming)>(
        detail::initiation(*this,
                           [this](auto handler) {
                             start_accept(detail::make_operation<boost::system::error_code, incoming>(
                                 std::move(handler), loop()));
                           }),
        token);
  }

  /// Refuses what waits with errc::unknown_service. A pending accept completes with operation_aborted, and so
  /// does a later one.
  void close();

 private:
  detail::loop_executor loop() const;
  void start_accept(detail::operation_ptr<boost::system::error_code, incoming> done);
  std::shared_ptr<detail::node_service> service_;
  std::string name_;
  std::shared_ptr<detail::acceptor_queue> queue_;
};

}  // namespace gof
