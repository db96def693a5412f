#pragma once

#include <gof/stream.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace gof {

namespace detail {
class acceptor_queue;
}

/// Somebody asks for a service. Answer it once: accept(), confirm() or refuse(); destruction without an
/// answer refuses with errc::not_allowed. Movable. Without a question - made so, moved from, or answered - it
/// is false, and only assignment, refuse() and confirm() may be called, which then do nothing.
class incoming {
 public:
  using executor_type = boost::asio::any_io_executor;

  incoming();
  ~incoming();
  incoming(incoming&&) noexcept;
  incoming& operator=(incoming&&) noexcept;

  executor_type get_executor() const;
  gof::peer peer() const;
  const std::string& service() const;
  bool is_probe() const;                                      ///< asks only whether a connection would be had
  std::optional<std::array<std::uint8_t, 16>> grant() const;  ///< the grant it names, not yet proved
  /// Who connected to the asker's program, and the address it connected to, for a probe those that the
  /// program listens on: as gof::endpoint has them. Only of an asker on this host, in this network namespace,
  /// whose program says so.
  std::optional<boost::asio::ip::tcp::endpoint> client() const;
  std::vector<boost::asio::ip::tcp::endpoint> listening() const;
  /// Whether the asker holds the token of the grant it names (constant time).
  bool proves(const std::array<std::uint8_t, 32>& token) const;

  /// Completes when nobody waits for the answer any more: the asker went, or its session did (why). With
  /// operation_aborted once the question is answered, and by the cancellation slot. One at a time (a second
  /// completes with in_progress). Moving this object changes nothing for it.
  template <class CompletionToken>
  auto async_wait_gone(CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(boost::system::error_code)>(
        [this](auto handler) {
          start_wait_gone(detail::make_operation<boost::system::error_code>(std::move(handler), loop()));
        },
        token);
  }

  /// Takes the connection: it stands from now on. Not for probes. One whose asker went meanwhile gives a
  /// stream that is over; its reads tell why.
  stream accept();
  /// Answers a probe: a connection would be had.
  void confirm();
  /// `text` (at most 200 bytes) tells the person at the other side more.
  void refuse(errc why, const std::string& text = {});
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

/// Yields what others ask of this node: streams and probes to `service`, or to every service that no other
/// acceptor names. At most 1,024 wait; more are refused busy. While there is no acceptor for a service, it is
/// refused unknown; so is what waits when its acceptor closes.
class acceptor {
 public:
  using executor_type = boost::asio::any_io_executor;

  /// Throws system_error(address_in_use) when another acceptor has the name.
  explicit acceptor(node& on, std::string service = {});
  ~acceptor();
  acceptor(const acceptor&) = delete;
  acceptor& operator=(const acceptor&) = delete;

  executor_type get_executor() const;

  /// One at a time (a second completes with in_progress). operation_aborted after close() or destruction, and
  /// by the cancellation slot.
  template <class CompletionToken>
  auto async_accept(CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(boost::system::error_code, incoming)>(
        [this](auto handler) {
          start_accept(
              detail::make_operation<boost::system::error_code, incoming>(std::move(handler), loop()));
        },
        token);
  }

  void close();

 private:
  detail::loop_executor loop() const;
  void start_accept(detail::operation_ptr<boost::system::error_code, incoming> done);
  std::shared_ptr<detail::node_service> service_;
  std::string name_;
  std::shared_ptr<detail::acceptor_queue> queue_;
};

}  // namespace gof
