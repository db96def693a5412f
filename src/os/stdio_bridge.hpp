#pragma once

#include "base/problem.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace gof::os {

/// stdin and stdout as one connection. They may be files, pipes, sockets or a terminal that other programs
/// share, so they stay as blocking or non-blocking as they are: two threads copy between them and a socket,
/// and wait where the descriptors would block. The threads may wait for ever; the end of the process ends
/// them.
class stdio_bridge {
 public:
  using socket = boost::asio::generic::stream_protocol::socket;

  /// Called on the loop with what went wrong with stdin or stdout, in words: the connection is to be reset,
  /// because what passed is not whole.
  using failure_handler = std::function<void(const std::string&)>;

  explicit stdio_bridge(int in = 0, int out = 1);
  /// The handler is not called any more.
  ~stdio_bridge();
  stdio_bridge(const stdio_bridge&) = delete;
  stdio_bridge& operator=(const stdio_bridge&) = delete;

  /// The loop's end; once. An end of stdin shows there as an end. When the loop shuts down its sending side,
  /// stdout is closed as soon as all is written; a socket is shut down for sending, since stdin may be the
  /// same one.
  result<socket> open(boost::asio::io_context& io, failure_handler broken);

  /// Bytes written to the loop's end that stdout has not taken yet. From any thread.
  std::size_t unwritten() const;

  /// After the loop's end was closed: waits until all that came is written. What went wrong with stdout, in
  /// words; empty: nothing.
  std::string finish();

 private:
  class copying;

  int in_, out_;
  std::shared_ptr<copying> copying_;  ///< the threads hold it too
};

}  // namespace gof::os
