#pragma once

#include <gof/node.hpp>

#include <boost/asio/buffer.hpp>

#include <vector>

namespace gof {

namespace detail {
class stream_state;
}

/// One connection to a service of a peer: bytes both ways, in order, once each, with TCP's manners -
/// half-close, reset and back-pressure. Meets AsyncReadStream and AsyncWriteStream. Movable; a moved-from
/// stream is closed. At most one connect, one read and one write at a time (a second completes with
/// in_progress). Destruction resets what is not finished both ways. Handlers are posted, never called from
/// the function that starts them. Errors: boost::asio::error::eof after the other side's end; errc::reset and
/// the other errc for what ended it; not_connected on a closed stream; broken_pipe for a write after
/// shutdown_send().
class stream {
 public:
  using executor_type = boost::asio::any_io_executor;
  using lowest_layer_type = stream;

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
          auto done = detail::make_operation<boost::system::error_code>(std::move(handler), get_executor());
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
          std::vector<boost::asio::mutable_buffer> list(boost::asio::buffer_sequence_begin(into),
                                                        boost::asio::buffer_sequence_end(into));
          start_read(std::move(list), detail::make_operation<boost::system::error_code, std::size_t>(
                                          std::move(handler), get_executor()));
        },
        token, buffers);
  }

  template <class ConstBufferSequence, class WriteToken>
  auto async_write_some(const ConstBufferSequence& buffers, WriteToken&& token) {
    return boost::asio::async_initiate<WriteToken, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, const ConstBufferSequence& from) {
          std::vector<boost::asio::const_buffer> list(boost::asio::buffer_sequence_begin(from),
                                                      boost::asio::buffer_sequence_end(from));
          start_write(std::move(list), detail::make_operation<boost::system::error_code, std::size_t>(
                                           std::move(handler), get_executor()));
        },
        token, buffers);
  }

  /// No more will be written (a half-close): the other side reads eof behind the last byte. Error: what ended
  /// the stream before.
  void shutdown_send(boost::system::error_code& error);

  /// Ends both directions now; the other side sees a reset. Pending operations complete with
  /// operation_aborted.
  void reset();

  /// Finishes: what was written is still delivered, what comes is discarded. If the other side then neither
  /// sends nor ends for a minute, it is reset. Pending operations complete with operation_aborted.
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
  void start_connect(const endpoint& to, detail::operation_ptr<boost::system::error_code> done);
  void start_read(std::vector<boost::asio::mutable_buffer> into,
                  detail::operation_ptr<boost::system::error_code, std::size_t> done);
  void start_write(std::vector<boost::asio::const_buffer> from,
                   detail::operation_ptr<boost::system::error_code, std::size_t> done);

  std::shared_ptr<detail::node_service> service_;
  std::shared_ptr<detail::stream_state> state_;
};

}  // namespace gof
