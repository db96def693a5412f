#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "net/pending.hpp"
#include "node/event.hpp"

#include <gof/stream.hpp>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace gof::detail {

/// One stream in the shell: its pending operations, and what the core reported about it. Kept alive by its
/// handle (gof::stream or gof::incoming, with the service), and by the service while the core knows it.
class stream_state : public std::enable_shared_from_this<stream_state> {
 public:
  using error_code = boost::system::error_code;
  using connect_ptr = operation_ptr<error_code>;
  using transfer_ptr = operation_ptr<error_code, std::size_t>;
  using wait_ptr = operation_ptr<error_code>;

  /// A stream that this node opens.
  stream_state(node_service& owner, stream_id id);
  /// A stream that a peer asks for.
  stream_state(node_service& owner, core::stream_incoming request);

  stream_id id() const { return id_; }
  const core::stream_incoming& request() const { return request_; }
  const std::string& refusal() const { return refusal_; }
  bool is_over() const { return phase_ == phase::over; }
  bool is_open() const { return (phase_ == phase::open && !broken_) || (is_over() && !error_); }
  bool is_writable();
  const_buffers data() const;
  void consume(std::size_t size);
  boost::asio::mutable_buffer prepare(std::size_t most);
  void commit(std::size_t size);
  std::uint64_t written() const { return written_; }
  std::uint64_t unconfirmed() const { return written_ - confirmed_; }

  // ---- the handle
  void start_connect(connect_ptr done);
  /// For a stream that a peer asks for: completes when it is over.
  void start_wait_gone(connect_ptr done);
  bool accept();
  void confirm();
  void refuse(errc why, const std::string& text);
  void start_read(const mutable_buffers& into, transfer_ptr done);
  void start_write(const const_buffers& from, transfer_ptr done);
  void start_wait(stream::wait_type what, wait_ptr done);
  void shutdown_send(error_code& error);
  void reset();
  /// Resets the stream once `more` further bytes are written; then it is over.
  void reset_behind(std::uint64_t more);
  void abort();
  void hold_taken();
  void taken(std::uint64_t total);
  /// What was written is still delivered; what arrives is discarded until the other side ends.
  void close();
  /// The handle was destroyed without close(): resets the stream unless both directions have ended.
  void abandon();
  void cancel();

  // ---- the core
  void handle_accepted();
  void handle_readable();
  void handle_writable();
  void handle_confirmed(std::uint64_t taken);
  /// The other side reset the stream; what came before can still be read.
  void handle_ending(error_code why);
  /// The stream is over: refused or reset if there is an error, otherwise ended in order.
  void handle_over(error_code why, const std::string& words = {});

  /// Of a closed stream: whether nothing has arrived since the last call, and the other side has taken all
  /// that was written. Nothing more is to be expected then.
  bool gone_silent();

 private:
  enum class phase { asked, opening, open, over };

  void serve_read();
  void serve_write();
  void serve_waits();
  /// Why no more will arrive; none if something may. Unread bytes come before it.
  error_code read_error();
  /// Why nothing can be written; none if something can.
  error_code write_error() const;
  bool is_taken() const { return finished_ && unconfirmed() == 0; }
  std::size_t take();
  std::size_t put();
  void handle_written(std::size_t size);
  void discard();
  void leave(error_code why);
  void cancel_connect();
  void cancel_read();
  void cancel_write();
  void cancel_wait(stream::wait_type what);

  node_service& owner_;
  stream_id id_;
  phase phase_;
  core::stream_incoming request_;
  std::uint64_t written_ = 0;
  std::uint64_t confirmed_ = 0;  ///< how many of them the other side's program has taken
  std::uint64_t more_ = 0;       ///< reset(more): bytes that are still to be written before it
  bool finished_ = false;        ///< this side has ended its direction
  bool ended_ = false;           ///< the other side has ended its direction, and all was read
  bool detached_ = false;        ///< the handle is gone
  bool heard_ = false;           ///< something has arrived since the last gone_silent()
  bool discarded_ = false;       ///< something arrived that the program did not read
  error_code broken_;            ///< the other side's reset; what came before it may still be unread
  error_code error_;             ///< why the stream is over
  std::string refusal_;
  net::pending<error_code> connect_;
  net::pending<error_code, std::size_t> read_;
  net::pending<error_code, std::size_t> write_;
  std::array<net::pending<error_code>, 4> waits_;  ///< by stream::wait_type
  mutable_buffers into_;
  const_buffers from_;
};

}  // namespace gof::detail
