#pragma once

#include "forward/local_socket.hpp"
#include "forward/socket_watch.hpp"

#include <gof/stream.hpp>

#include <cstdint>
#include <functional>

namespace gof::forward {

/// The local end of a connection: its socket, and how much of what was written to it was taken there.
class local_end {
 public:
  using error_code = boost::system::error_code;
  /// Bytes that the socket's other end took but has not passed on; empty: it is the destination.
  using beyond = std::function<std::size_t()>;

  local_end(local_socket socket, beyond left);

  local_socket& socket() { return socket_; }
  bool is_open() const { return socket_.is_open(); }

  /// Writes what has arrived on the stream, a part of it at a time, and consumes what the system takes.
  /// would_block: it took less.
  std::size_t write(gof::stream& from, error_code& error);
  /// The other side has ended its direction: passes that on.
  void finish(error_code& error);

  /// Total bytes written.
  std::uint64_t written() const { return written_; }
  /// How many of them were not taken yet, or more.
  std::size_t not_taken();

  /// Reports a reset, or that the other machine vanished, even while the socket is neither read nor written.
  void watch(socket_watch& by, socket_watch::handler gone);
  void close();
  /// Closes with a reset.
  void abort();

 private:
  local_socket socket_;
  beyond beyond_;
  socket_watch::registration watched_;  ///< if long-lived; cleared before the socket is closed
  std::uint64_t written_ = 0;
  bool finished_ = false;
};

}  // namespace gof::forward
