#pragma once

#include <gof/buffer_list.hpp>
#include <gof/node.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace gof {

namespace detail {
class stream_state;
}

/// One connection to a service of a peer: bytes both ways, in order, once each, with TCP's manners -
/// half-close, reset and back-pressure. Meets AsyncReadStream and AsyncWriteStream. Movable; a moved-from
/// stream is closed. At most one connect, one read, one write and one wait of each type at a time (a second
/// completes with in_progress). Destruction resets what is not finished both ways. Handlers are posted, never
/// called from the function that starts them. Errors: boost::asio::error::eof after the other side's end;
/// errc::reset and the other errc for what ended it; not_connected on a closed stream; broken_pipe for a
/// write after shutdown_send(). A reset never overtakes the bytes before it: what the other side wrote before
/// it reset the stream is read first, then errc::reset.
class stream {
 public:
  using executor_type = boost::asio::any_io_executor;
  using lowest_layer_type = stream;

  /// What async_wait() waits for.
  enum wait_type {
    wait_write,  ///< a whole message of message_size can be written at once
    wait_error,  ///< the stream is broken, or over; what the other side sent before may still be read
    wait_taken,  ///< after shutdown_send(): the other side has taken every byte that was written
  };

  /// What one message of a stream carries at most, in bytes. Who writes multiples of it sends no small rests.
  static constexpr std::size_t message_size = 64964;

  explicit stream(node& on);
  ~stream();
  stream(stream&&) noexcept;
  stream& operator=(stream&&) noexcept;

  executor_type get_executor() const;
  lowest_layer_type& lowest_layer() { return *this; }
  const lowest_layer_type& lowest_layer() const { return *this; }

  /// Opens a connection to the service, on a new stream or on one that is over. Completes once the peer's
  /// target has answered, at the latest after the connect timeout while the peer is not reached. Reads and
  /// writes may be started at once: what is written travels behind the opening without waiting for the answer
  /// (at most 16 KiB before it).
  template <class CompletionToken>
  auto async_connect(const endpoint& to, CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(boost::system::error_code)>(
        [this](auto handler, const endpoint& where) {
          auto done = detail::make_operation<boost::system::error_code>(std::move(handler), loop());
          start_connect(where, std::move(done));
        },
        token, to);
  }

  /// Opened or accepted, and neither reset nor closed.
  bool is_open() const;

  template <class MutableBufferSequence, class ReadToken>
  auto async_read_some(const MutableBufferSequence& buffers, ReadToken&& token) {
    return boost::asio::async_initiate<ReadToken, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, const MutableBufferSequence& into) {
          start_read(
              detail::mutable_buffers(into),
              detail::make_operation<boost::system::error_code, std::size_t>(std::move(handler), loop()));
        },
        token, buffers);
  }

  template <class ConstBufferSequence, class WriteToken>
  auto async_write_some(const ConstBufferSequence& buffers, WriteToken&& token) {
    return boost::asio::async_initiate<WriteToken, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, const ConstBufferSequence& from) {
          start_write(
              detail::const_buffers(from),
              detail::make_operation<boost::system::error_code, std::size_t>(std::move(handler), loop()));
        },
        token, buffers);
  }

  /// Waits. wait_write and wait_taken complete without an error, or with what makes it impossible; wait_error
  /// completes with what broke the stream, or with eof when it is over without an error.
  template <class WaitToken>
  auto async_wait(wait_type what, WaitToken&& token) {
    return boost::asio::async_initiate<WaitToken, void(boost::system::error_code)>(
        [this](auto handler, wait_type which) {
          start_wait(which, detail::make_operation<boost::system::error_code>(std::move(handler), loop()));
        },
        token, what);
  }

  /// Whether wait_write would complete now without an error.
  bool is_writable();

  /// Bytes that were written: taken from writes, whose handlers may not have been called yet.
  std::uint64_t written() const;

  /// How many of the written bytes the other side is not known to have taken. It tells when it ends its
  /// direction, when all was taken behind our end, and when it resets the stream.
  std::uint64_t unconfirmed() const;

  /// What is read counts as taken at once, unless this was called: then only as far as taken() says, in bytes
  /// from the stream's beginning. For whoever passes them on to somebody who may yet lose them.
  void hold_taken();
  void taken(std::uint64_t total);

  /// No more will be written (a half-close): the other side reads eof behind the last byte. Error: what ended
  /// the stream before.
  void shutdown_send(boost::system::error_code& error);

  /// Ends both directions; the other side sees a reset behind what was written. Pending operations complete
  /// with operation_aborted.
  void reset();
  /// The same, with `more` bytes that are yet to be written: the other side hears of the reset now. Reads
  /// complete with errc::reset. Once that many were written, the stream is closed.
  void reset(std::uint64_t more);
  /// Ends both directions, and drops what was written and not sent. Pending operations complete with
  /// operation_aborted.
  void abort();

  /// Finishes: what was written is still delivered, however long that takes while the peer is there; what
  /// comes is discarded, and a peer that sent something is told so by a reset behind what was written. If
  /// all that was written is taken and the other side then neither sends nor ends for a minute, it is reset.
  /// Pending operations complete with operation_aborted.
  void close();

  /// Pending operations complete with operation_aborted; the stream stays as it is. Also by cancellation
  /// slots.
  void cancel();

  /// The peer's words on a refusal, for people; empty if it gave none.
  std::string refusal() const;

 private:
  friend class acceptor;
  friend class incoming;
  stream(std::shared_ptr<detail::node_service> service, std::shared_ptr<detail::stream_state> state);
  detail::loop_executor loop() const;
  void start_connect(const endpoint& to, detail::operation_ptr<boost::system::error_code> done);
  void start_read(const detail::mutable_buffers& into,
                  detail::operation_ptr<boost::system::error_code, std::size_t> done);
  void start_write(const detail::const_buffers& from,
                   detail::operation_ptr<boost::system::error_code, std::size_t> done);
  void start_wait(wait_type what, detail::operation_ptr<boost::system::error_code> done);

  std::shared_ptr<detail::node_service> service_;
  std::shared_ptr<detail::stream_state> state_;
};

}  // namespace gof
