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

/// One stream as the shell sees it: its pending operations, and what the core said of it. Held by its handle
/// (gof::stream or gof::incoming, which hold the service as well) and by the service while the core knows it.
class stream_state : public std::enable_shared_from_this<stream_state> {
 public:
  using error_code = boost::system::error_code;
  using connect_ptr = operation_ptr<error_code>;
  using transfer_ptr = operation_ptr<error_code, std::size_t>;
  using wait_ptr = operation_ptr<error_code>;

  /// One that we opened.
  stream_state(node_service& owner, stream_id id);
  /// One that we are asked for.
  stream_state(node_service& owner, core::stream_incoming request);

  stream_id id() const { return id_; }
  const core::stream_incoming& request() const { return request_; }
  const std::string& refusal() const { return refusal_; }
  bool is_over() const { return phase_ == phase::over; }
  bool is_open() const { return (phase_ == phase::open && !broken_) || (is_over() && !error_); }
  bool is_writable();
  std::uint64_t written() const { return written_; }
  std::uint64_t unconfirmed() const { return written_ - confirmed_; }

  // ---- the handle
  void start_connect(connect_ptr done);
  /// Of one that we are asked for: completes when it is over.
  void start_wait_gone(connect_ptr done);
  bool accept();
  void confirm();
  void refuse(errc why, const std::string& text);
  void start_read(const mutable_buffers& into, transfer_ptr done);
  void start_write(const const_buffers& from, transfer_ptr done);
  void start_wait(stream::wait_type what, wait_ptr done);
  void shutdown_send(error_code& error);
  void reset();
  /// So many bytes are written yet; then it is let go of.
  void reset_behind(std::uint64_t more);
  void abort();
  void hold_taken();
  void taken(std::uint64_t total);
  /// What was written still goes out; what comes is discarded until the other side ends.
  void close();
  /// The handle went without close(): a reset, unless both directions are finished.
  void abandon();
  void cancel();

  // ---- the core
  void handle_accepted();
  void handle_readable();
  void handle_writable();
  void handle_confirmed(std::uint64_t taken);
  /// The other side reset it; what came before is still to be read.
  void handle_ending(error_code why);
  /// Over: with an error by refusal or reset, without one well.
  void handle_over(error_code why, const std::string& words = {});

  /// Closed and silent since the last time this was asked, with all we said taken: nothing more is to be
  /// expected.
  bool gone_silent();

 private:
  enum class phase { asked, opening, open, over };

  void serve_read();
  void serve_write();
  void serve_waits();
  /// Why nothing can be written any more.
  error_code write_error() const;
  bool is_taken() const { return finished_ && unconfirmed() == 0; }
  std::size_t take();
  std::size_t put();
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
  std::uint64_t confirmed_ = 0;  ///< of them: taken by the other side's local end
  std::uint64_t more_ = 0;       ///< reset here; so many are to be written before that
  bool finished_ = false;        ///< we end
  bool ended_ = false;           ///< the other side ended, and all was read
  bool detached_ = false;        ///< no handle any more
  bool heard_ = false;           ///< something came since gone_silent()
  bool discarded_ = false;       ///< something came that nobody took
  error_code broken_;            ///< the other side's reset, before which there may be something to read
  error_code error_;             ///< why it is over
  std::string refusal_;
  net::pending<error_code> connect_;
  net::pending<error_code, std::size_t> read_;
  net::pending<error_code, std::size_t> write_;
  std::array<net::pending<error_code>, 3> waits_;  ///< by stream::wait_type
  mutable_buffers into_;
  const_buffers from_;
};

}  // namespace gof::detail
