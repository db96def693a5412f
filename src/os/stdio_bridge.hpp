#pragma once

#include "base/problem.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace gof::os {

/// stdin and stdout as one connection. They may be files, pipes, sockets or a terminal, and may be shared
/// with other programs, so they stay as blocking or non-blocking as they are. Two threads copy between them
/// and a socket, and wait where the descriptors would block. They may wait for ever; they end with the
/// process.
class stdio_bridge {
 public:
  using socket = boost::asio::generic::stream_protocol::socket;

  /// Called on the loop with the error of stdin or stdout, in words. The connection must be reset then,
  /// because data is missing.
  using failure_handler = std::function<void(const std::string&)>;

  explicit stdio_bridge(int in = 0, int out = 1);
  /// The handler is not called after this.
  ~stdio_bridge();
  stdio_bridge(const stdio_bridge&) = delete;
  stdio_bridge& operator=(const stdio_bridge&) = delete;

  /// The end for the loop; called once. At the end of stdin the loop reads an end. When the loop shuts down
  /// its sending side, stdout is closed once all is written; a socket is only shut down for sending, since
  /// stdin may be the same socket.
  result<socket> open(boost::asio::io_context& io, failure_handler broken);

  /// Bytes written to the loop's end that stdout has not taken yet. Callable from any thread.
  std::size_t unwritten() const;

  /// Waits, after the loop's end was closed, until everything is written. Returns the error of stdout in
  /// words; empty: none.
  std::string finish();

 private:
  class copying;

  int in_, out_;
  std::shared_ptr<copying> copying_;  ///< shared with the threads
};

}  // namespace gof::os
