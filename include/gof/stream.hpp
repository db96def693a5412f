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

/// A connection to a service of a peer: bytes in both directions, in order and exactly once, with the
/// semantics of TCP (half-close, reset, back-pressure).
///
/// Meets Asio's requirements for AsyncReadStream and AsyncWriteStream, so that `boost::asio::async_read()`,
/// `async_write()` and `boost::asio::ssl::stream` work over it. With <gof/beast.hpp>, Beast's WebSocket does,
/// too.
///
/// A stream survives the loss of the links and paths that carry it. While there is no path to the peer its
/// operations wait; after node_options::survive without one it is reset with errc::no_path.
///
/// @par Operations
/// At most one connect, one read, one write and one wait of each type may be pending; a second one completes
/// with `boost::asio::error::in_progress`. A handler is never called from within the function that starts its
/// operation, but later, by the io_context; one with another associated executor is posted to that. The
/// memory of an operation comes from the handler's associated allocator and is returned before the handler is
/// called. Both executors have outstanding work until then.
///
/// @par Cancellation
/// Each operation can be cancelled through the handler's cancellation slot, by any type but `none`, and then
/// completes with `boost::asio::error::operation_aborted`. A cancelled read has taken no byte, and a
/// cancelled write none of its buffers: the stream continues as if they had not been started. Once an
/// operation is complete, cancellation has no effect.
///
/// @par Errors
/// Operations other than async_connect() complete with `boost::asio::error::not_connected` on a stream that
/// was never connected, or that was closed, reset, aborted or moved from. Once a stream has broken, all later
/// reads, writes and waits report why: the error of a refusal (see async_connect()), errc::reset if the other
/// side reset it, errc::no_path if there was no path for too long, errc::shut_down if the node at either end
/// was closed, errc::protocol. A reset does not overtake data: what the other side wrote before it can still
/// be read.
///
/// @par Lifetime
/// May outlive its node, and is over by then. The destructor resets both directions unless both have ended.
///
/// @par Thread safety
/// None. All functions must be called on the one thread that runs the io_context, or while no thread runs it.
/// A handler that is bound to an executor of another thread is called there, and must not use the stream.
///
/// @see gof-protocol(7), STREAMS.
///
/// @par Example
/// @code
/// #include <boost/asio/awaitable.hpp>
/// #include <boost/asio/read.hpp>
/// #include <boost/asio/redirect_error.hpp>
/// #include <boost/asio/use_awaitable.hpp>
/// #include <boost/asio/write.hpp>
///
/// namespace asio = boost::asio;
///
/// /// Sends a question, and reads the answer to its end.
/// asio::awaitable<std::string> ask(gof::node& node, gof::endpoint service, std::string question) {
///   gof::stream stream(node);
///   co_await stream.async_connect(service, asio::use_awaitable);
///   co_await asio::async_write(stream, asio::buffer(question), asio::use_awaitable);
///   boost::system::error_code error;
///   stream.shutdown_send(error);  // the other side reads the end of the question
///   std::string answer;
///   auto done = asio::redirect_error(asio::use_awaitable, error);
///   co_await asio::async_read(stream, asio::dynamic_buffer(answer), done);
///   if (error != asio::error::eof) throw boost::system::system_error(error);
///   co_return answer;  // both directions have ended: the destructor resets nothing
/// }
/// @endcode
class stream {
 public:
  /// The type of get_executor().
  using executor_type = boost::asio::any_io_executor;
  /// A stream is its own lowest layer.
  using lowest_layer_type = stream;

  /// The type of data().
  using const_buffers_type = detail::const_buffers;

  /// What async_wait() waits for.
  enum wait_type {
    wait_read,   ///< data() is not empty
    wait_write,  ///< message_size bytes can be written at once
    wait_error,  ///< the stream is broken or over; what the other side sent before can still be read
    wait_taken,  ///< after shutdown_send(): the other side has taken every byte that was written
  };

  /// The most bytes that one message of a stream carries. Writing multiples of it avoids small remainders
  /// that are sent as messages of their own.
  static constexpr std::size_t message_size = 64964;

  /// A stream that is not connected.
  explicit stream(node& on);
  /// Resets both directions unless both have ended. Pending operations complete with operation_aborted.
  ~stream();
  /// Takes over the connection and its pending operations. `other` is not connected afterwards, and may be
  /// connected again.
  stream(stream&& other) noexcept;
  /// As the move constructor. The connection that this stream had is treated as by the destructor.
  stream& operator=(stream&& other) noexcept;

  /// The executor of the node's io_context.
  executor_type get_executor() const;
  /// This stream, for code that expects layered streams.
  lowest_layer_type& lowest_layer() { return *this; }
  /// This stream.
  const lowest_layer_type& lowest_layer() const { return *this; }

  /// Asks the peer for a connection to one of its services.
  ///
  /// The stream must be unconnected or over. Reads and writes may be started at once: up to 16 KiB of what is
  /// written is sent along with the request, before the answer comes.
  ///
  /// @param to The peer and the name of its service. Copied.
  /// @param token Called once the peer has answered, which it does when the service's target has.
  ///
  /// @par Completion signature
  /// `void(boost::system::error_code)`
  ///
  /// @par Errors
  /// - The peer's refusal: unknown_service, not_allowed, withdrawn, target_refused, target_unknown,
  ///   target_timeout, target_failed, busy, loop, or another errc; refusal() then has the peer's explanation.
  /// - errc::no_path: the peer was not reached within node_options::connect_timeout, or was lost before it
  ///   answered. errc::timed_out: it was reached, but did not answer within another half second.
  /// - errc::busy: this node or the peer has too many streams.
  /// - errc::shut_down: the node is closed.
  /// - `already_connected`: the stream is open, or being opened.
  ///
  /// @par Cancellation
  /// Ends the waiting, not the opening: the stream may still open later. close() or reset() gives it up.
  template <class CompletionToken>
  auto async_connect(const endpoint& to, CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(boost::system::error_code)>(
        detail::initiation(*this,
                           [this](auto handler, const endpoint& where) {
                             start_connect(where, detail::make_operation<boost::system::error_code>(
                                                      std::move(handler), completions()));
                           }),
        token, to);
  }

  /// Whether the stream was opened or accepted, and was neither reset nor closed. Still true once both
  /// directions have ended in order.
  bool is_open() const;

  /// Reads at least one byte, and as many as have arrived and fit.
  ///
  /// May be started while the stream is being opened. What is read counts as taken by this side (see
  /// wait_taken) unless hold_taken() was called.
  ///
  /// @param buffers Where the bytes go. The sequence is copied; the memory must be valid until the handler is
  /// called. If the buffers are empty the read completes with 0 bytes and no error.
  /// @param token Called with the number of bytes.
  ///
  /// @par Completion signature
  /// `void(boost::system::error_code, std::size_t)`
  ///
  /// @par Errors
  /// `boost::asio::error::eof` after the other side's last byte, and the errors of the class. With an error
  /// the number is 0.
  template <class MutableBufferSequence, class ReadToken>
  auto async_read_some(const MutableBufferSequence& buffers, ReadToken&& token) {
    return boost::asio::async_initiate<ReadToken, void(boost::system::error_code, std::size_t)>(
        detail::initiation(*this,
                           [this](auto handler, const MutableBufferSequence& into) {
                             start_read(detail::mutable_buffers(into),
                                        detail::make_operation<boost::system::error_code, std::size_t>(
                                            std::move(handler), completions()));
                           }),
        token, buffers);
  }

  /// Writes at least one byte, and as many as there is room for.
  ///
  /// May be started while the stream is being opened; completes once the peer is reached. A write completes
  /// when its bytes are copied to the send buffer, which holds at most 256 KiB, and less while the other side
  /// does not read. wait_taken and unconfirmed() report what has arrived.
  ///
  /// @param buffers The bytes. The sequence is copied; the memory must be valid until the handler is called.
  /// If the buffers are empty the write completes with 0 bytes and no error.
  /// @param token Called with the number of bytes.
  ///
  /// @par Completion signature
  /// `void(boost::system::error_code, std::size_t)`
  ///
  /// @par Errors
  /// `boost::asio::error::broken_pipe` after shutdown_send(), and the errors of the class. With an error the
  /// number is 0.
  template <class ConstBufferSequence, class WriteToken>
  auto async_write_some(const ConstBufferSequence& buffers, WriteToken&& token) {
    return boost::asio::async_initiate<WriteToken, void(boost::system::error_code, std::size_t)>(
        detail::initiation(*this,
                           [this](auto handler, const ConstBufferSequence& from) {
                             start_write(detail::const_buffers(from),
                                         detail::make_operation<boost::system::error_code, std::size_t>(
                                             std::move(handler), completions()));
                           }),
        token, buffers);
  }

  /// Waits for a condition. Reads and writes nothing.
  ///
  /// @param what The condition.
  /// @param token Called when the condition holds, or can no longer come true.
  ///
  /// @par Completion signature
  /// `void(boost::system::error_code)`
  ///
  /// @par Errors
  /// wait_read: none, or what async_read_some() would report. wait_write and wait_taken: none, or why it
  /// cannot come true (for wait_write as async_write_some()). wait_error: what broke the stream, or `eof` if
  /// both directions ended in order. All: those of the class.
  template <class WaitToken>
  auto async_wait(wait_type what, WaitToken&& token) {
    return boost::asio::async_initiate<WaitToken, void(boost::system::error_code)>(
        detail::initiation(*this,
                           [this](auto handler, wait_type which) {
                             start_wait(which, detail::make_operation<boost::system::error_code>(
                                                   std::move(handler), completions()));
                           }),
        token, what);
  }

  /// Whether wait_write would complete now without an error.
  bool is_writable();

  /// The first of the bytes that have arrived and were not read, where they are: with wait_read and consume()
  /// a program reads them without copying. Valid until the next call that reads, consumes or ends the stream.
  /// Empty if there are none, and while an async_read_some() is pending.
  const_buffers_type data() const;
  /// The first `size` bytes of data() were read.
  void consume(std::size_t size);

  /// Room for at most `most` bytes in the send buffer: with wait_write and commit() a program writes them
  /// without copying. Not empty if is_writable(). Every prepare() is followed by a commit(), before any other
  /// call for the stream.
  boost::asio::mutable_buffer prepare(std::size_t most);
  /// `size` bytes were written to what prepare() returned, from its beginning; perhaps none.
  void commit(std::size_t size);

  /// How many bytes the writes of this stream have taken, including writes whose handlers were not called
  /// yet. 0 for a stream that is not connected.
  std::uint64_t written() const;

  /// How many of the written bytes are not yet known to be taken by the other side. It reports that only when
  /// it ends its direction, when it has taken everything up to the end of ours, and when it resets the
  /// stream.
  std::uint64_t unconfirmed() const;

  /// From now on, reading no longer counts as taking; taken() does. For a program that passes the bytes on,
  /// to where they may still be lost.
  void hold_taken();
  /// The first `total` bytes of the stream are taken. Call it only after hold_taken().
  void taken(std::uint64_t total);

  /// Ends this direction (a half-close): the other side reads `eof` after the last byte. Reading continues. A
  /// pending write completes with `broken_pipe`. A second call does nothing.
  ///
  /// @param error What ended the stream before, or `not_connected`; otherwise cleared.
  void shutdown_send(boost::system::error_code& error);

  /// Ends both directions. What was written is still delivered, and the other side reads a reset after it.
  /// Pending operations complete with operation_aborted, and the stream is not connected any more.
  void reset();
  /// As reset(), but the caller will write `more` bytes first. The other side learns of the reset at once. A
  /// pending connect or read completes with operation_aborted, a later read with errc::reset. Once the last
  /// of these bytes is written the stream is over: waits and later writes complete with errc::reset.
  void reset(std::uint64_t more);
  /// As reset(), but what was written and not yet sent is dropped.
  void abort();

  /// Releases the stream in order. What was written is still delivered, then the end of this direction,
  /// however long that takes while the peer is reachable. Unread bytes, and those that the other side still
  /// sends, are discarded; if there are any, it reads a reset after what was written here. If the other side
  /// has taken all that was written, and a minute passes in which it neither sends nor ends, the stream is
  /// reset. A stream that is still being opened and has taken no write is reset.
  ///
  /// Pending operations complete with operation_aborted, and the stream is not connected any more.
  void close();

  /// Pending operations complete with operation_aborted. The stream itself does not change; opening
  /// continues.
  void cancel();

  /// The peer's explanation of its refusal, for people: at most 200 bytes, whatever the peer sent. Empty if
  /// it gave none, or did not refuse.
  std::string refusal() const;

 private:
  friend class acceptor;
  friend class incoming;
  stream(std::shared_ptr<detail::node_service> service, std::shared_ptr<detail::stream_state> state);
  detail::completion_queue& completions() const;
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
